/** The parameters as the framework holds them: read for the check, and brought to one form for all that follows. */

import type { Given } from './check.ts'
import { entriesOf } from './shapes.ts'
import type { Place } from './table.ts'

/** The part of the framework's object that has parameters. */
export interface Configured {
  readonly processedInput: { readonly options?: Options }
  readonly configurationInput?: Configuration
  extendConfiguration(path: string[], value: unknown): void
}

interface Options {
  readonly stage?: string
  readonly region?: string
  readonly param?: string | readonly string[]
}

interface Configuration {
  readonly params?: unknown
  readonly provider?: { readonly stage?: string; readonly region?: string }
  readonly functions?: Readonly<
    Record<string, { readonly events?: readonly { readonly httpApi?: unknown }[] }>
  >
}

export const givenIn = ({
  processedInput: { options = {} },
  configurationInput = {},
}: Configured): Given => ({
  blocks: configurationInput.params,
  options: [options.param ?? []].flat(),
})

/** The functions whose path is a parameter. */
const MOVED: readonly string[] = ['validateEnterpriseToken', 'validateAgentToken']

export const placeIn = ({ processedInput: { options = {} }, configurationInput = {} }: Configured): Place => {
  const { provider = {}, functions = {} } = configurationInput
  const routes = Object.entries(functions)
    .filter(([name]) => !MOVED.includes(name))
    .flatMap(([, { events = [] }]) => events.map(({ httpApi }) => String(httpApi)))
  return {
    stage: options.stage ?? provider.stage ?? '',
    region: options.region ?? provider.region ?? '',
    paths: routes.map((route) => route.slice(route.indexOf('/'))),
    functions: Object.entries(functions)
      .filter(([, { events = [] }]) => events.some(({ httpApi }) => httpApi !== undefined))
      .map(([name]) => name),
  }
}

/**
 * Makes of every list in a block the text with commas that `--param` gives, so that what follows knows one form.
 * Only while plugins are constructed: before it, the framework replaces no parameter.
 */
export const writeListsAsText = (serverless: Configured): void => {
  const blocks = Object.entries(
    (serverless.configurationInput?.params ?? {}) as Record<string, object | null>,
  )
  for (const [block, values] of blocks) {
    for (const [name, value] of Object.entries(values ?? {}))
      if (Array.isArray(value))
        serverless.extendConfiguration(['params', block, name], entriesOf(value)?.join(',') ?? value)
  }
}
