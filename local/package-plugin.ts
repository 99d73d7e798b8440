/**
 * Serverless plugin: makes the package what `serverless.yml` means, where the other plugins fall short.
 * Listed after serverless-esbuild and serverless-iam-roles-per-function, so that its hooks run on what they made.
 * Changes nothing for `offline` and `invoke local`.
 */
import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'

interface Resource {
  Type: string
  DependsOn?: string | string[]
  Properties: Record<string, unknown>
}

interface Role extends Resource {
  Properties: {
    RoleName?: unknown
    Policies: { PolicyDocument: { Statement: { Action: string[] }[] } }[]
  }
}

interface FunctionConfig {
  events?: { httpApi?: unknown }[]
  iamRoleStatements?: unknown[]
  iamRoleStatementsName?: string
  package?: { patterns?: string[] }
}

interface Serverless {
  serviceDir: string
  processedInput: { commands: string[] }
  service: {
    provider: { compiledCloudFormationTemplate: { Resources: Record<string, Resource> } }
    custom: {
      esbuild: { outputWorkFolder?: string }
      routeThrottling: Record<string, { rate: number; burst: number }>
    }
    functions: Record<string, FunctionConfig>
  }
}

const SHARED_ROLE = 'IamRoleLambdaExecution'

export default class PackagePlugin {
  readonly hooks: Record<string, () => void>
  readonly #serverless: Serverless
  readonly #workFolder = join('.esbuild', `package-${process.pid}`)

  constructor(serverless: Serverless) {
    this.#serverless = serverless
    const { custom, functions } = serverless.service
    const [command] = serverless.processedInput.commands
    // A folder of its own: `offline` leaves files in the usual one, which would end up in the zips,
    // and a running `offline` would lose them when packaging cleans up.
    if (command === 'package' || command === 'deploy') custom.esbuild.outputWorkFolder = this.#workFolder
    for (const config of Object.values(functions)) {
      config.package = { patterns: [...(config.package?.patterns ?? []), '!functions/*.map'] }
      // Only so that the roles plugin makes no name itself: its names may not exceed 64 characters and
      // break with a long stage name. `ownRoles` takes the name out again, CloudFormation makes one.
      config.iamRoleStatementsName = 'unnamed'
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => this.keepSourceMaps(),
      'before:package:finalize': () => {
        this.ownRoles()
        this.throttleRoutes()
      },
    }
  }

  /** Puts the source maps beside the zips, in `source-maps/`: the build folder is removed after packaging. */
  keepSourceMaps() {
    const from = join(this.#serverless.serviceDir, this.#workFolder)
    const to = join(from, '.serverless', 'source-maps')
    mkdirSync(to, { recursive: true })
    for (const map of globSync('.build/**/*.map', { cwd: from }))
      copyFileSync(join(from, map), join(to, basename(map)))
  }

  /** One role per function and no other, without the right to make log groups (they would be kept for ever). */
  ownRoles() {
    const { functions, provider } = this.#serverless.service
    const resources = provider.compiledCloudFormationTemplate.Resources
    for (const [name, config] of Object.entries(functions)) {
      if (!config.iamRoleStatements)
        throw new Error(`function ${name} has no iamRoleStatements: it would get the shared role`)
    }
    delete resources[SHARED_ROLE]
    for (const [id, resource] of Object.entries(resources)) {
      if (!id.endsWith(SHARED_ROLE)) continue
      const { Properties: role } = resource as Role
      delete role.RoleName
      for (const statement of role.Policies[0]?.PolicyDocument.Statement ?? []) {
        statement.Action = statement.Action.filter((action) => action !== 'logs:CreateLogGroup')
      }
    }
  }

  /** Throttling per route. Here, because its keys contain the validate path, and variables are not replaced in keys. */
  throttleRoutes() {
    const { custom, functions, provider } = this.#serverless.service
    const resources = provider.compiledCloudFormationTemplate.Resources
    const stage = resources['HttpApiStage']
    if (!stage) return
    const settings: Record<string, unknown> = {}
    // A stage may only name routes that exist already.
    stage.DependsOn = []
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      if (Type !== 'AWS::ApiGatewayV2::Route') continue
      const name = Object.keys(functions).find((key) =>
        JSON.stringify(Properties['Target']).includes(`"${integrationId(key)}"`),
      )
      const limit = name && custom.routeThrottling[name]
      if (!limit) throw new Error(`custom.routeThrottling has no entry for ${Properties['RouteKey']}`)
      settings[String(Properties['RouteKey'])] = {
        ThrottlingRateLimit: limit.rate,
        ThrottlingBurstLimit: limit.burst,
      }
      stage.DependsOn.push(id)
    }
    stage.Properties['RouteSettings'] = settings
  }
}

const integrationId = (name: string) => `HttpApiIntegration${name.charAt(0).toUpperCase()}${name.slice(1)}`
