/** What a deployment or a removal shows when it is done. */

import { placeIn } from './parameters/stage.ts'
import type { Serverless, Utils } from './serverless.ts'

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

/** The next deployment would find the names taken. */
export const sayWhatStays = (serverless: Serverless, { log }: Utils): void => {
  const { stage, region } = placeIn(serverless)
  log?.notice(
    'Kept: the directory, the callers table, the secrets signing-key, jwks and callers, and the logs. Before you deploy this stage again: ' +
      `npm run adopt -- --stage ${stage} --region ${region}`,
  )
}
