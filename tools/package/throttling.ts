/** Throttling per route. Not in serverless.yml, because its keys contain the validate path, and variables are not replaced in keys. */

import type { FunctionConfigs, RouteLimits } from './serverless.ts'
import type { Template } from './template.ts'

/** Gives every route the limit of its function, and lets the stage wait for the routes. Returns what is wrong, if anything is. */
export const throttleRoutes = (
  { Resources: resources }: Template,
  functions: FunctionConfigs,
  limits: RouteLimits,
): string | undefined => {
  const stage = resources['HttpApiStage']
  if (!stage) return undefined
  const settings: Record<string, unknown> = {}
  // A stage may only name routes that exist already.
  stage.DependsOn = []
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== 'AWS::ApiGatewayV2::Route') continue
    const name = Object.keys(functions).find((key) =>
      JSON.stringify(Properties['Target']).includes(`"${integrationId(key)}"`),
    )
    const limit = name && limits[name]
    if (!limit) return `custom.routeThrottling has no entry for ${Properties['RouteKey']}`
    settings[String(Properties['RouteKey'])] = {
      ThrottlingRateLimit: limit.rate,
      ThrottlingBurstLimit: limit.burst,
    }
    stage.DependsOn.push(id)
  }
  stage.Properties['RouteSettings'] = settings
  return undefined
}

const integrationId = (name: string) => `HttpApiIntegration${name.charAt(0).toUpperCase()}${name.slice(1)}`
