/** What a deployment shows when it is done. */

import type { Serverless } from './serverless.ts'

/** The framework's plugin that has asked for the stack's outputs. */
interface Informed {
  readonly gatheredData?: {
    readonly outputs?: readonly { readonly OutputKey?: string; readonly OutputValue?: string }[]
  }
}

/** Among what the framework shows without being asked for all outputs. */
export const showValidateUrl = (serverless: Serverless): void => {
  const plugins: readonly Informed[] = serverless.pluginManager?.plugins ?? []
  const outputs = plugins.flatMap(({ gatheredData }) => gatheredData?.outputs ?? [])
  const url = outputs.find(({ OutputKey }) => OutputKey === 'ValidateUrl')?.OutputValue
  if (url !== undefined) serverless.addServiceOutputSection?.('ValidateUrl, for the operators of CEC', [url])
}
