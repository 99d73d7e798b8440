/** The part of the Serverless Framework's objects that our plugin touches. */

import type { CloudFormationResources } from './dynamodb.ts'

export interface Serverless {
  readonly serviceDir: string
  readonly processedInput: { readonly commands: readonly string[] }
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
  readonly pluginManager: { readonly plugins: readonly object[] }
  readonly service: {
    readonly provider: { readonly region: string; readonly environment?: Record<string, string> }
    readonly functions: Readonly<Record<string, { readonly events?: readonly HttpApiEvent[] }>>
    readonly resources?: { readonly Resources?: CloudFormationResources }
    custom?: Record<string, object>
  }
  /** Only while plugins are constructed: afterwards the configuration is read anew and what was set directly is lost. */
  extendConfiguration(path: string[], value: unknown): void
  getProvider(name: 'aws'): { getStage(): string; getRegion(): string }
}

interface HttpApiEvent {
  readonly httpApi?: string | { readonly routeKey?: string; readonly method?: string; readonly path?: string }
}

/** Shared by all plugins: what one writes here, the others read. */
export interface Options {
  data?: unknown
  httpPort?: string
  verbose?: boolean
}

/** The path of a function's HTTP route. The offline server rewrites the event, so both forms are read. */
export const routePath = ({ service }: Serverless, functionName: string): string => {
  for (const { httpApi } of service.functions[functionName]?.events ?? []) {
    const route = typeof httpApi === 'string' ? httpApi : (httpApi?.routeKey ?? httpApi?.path)
    if (route) return route.slice(route.indexOf('/'))
  }
  throw new Error(`serverless.yml has no HTTP route for function ${functionName}`)
}
