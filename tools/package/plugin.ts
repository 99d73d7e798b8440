/**
 * Serverless plugin: makes the package what `serverless.yml` means, where the other plugins fall short.
 * Listed after serverless-esbuild and serverless-iam-roles-per-function, so that its hooks run on what they made.
 * Changes nothing for `invoke local`, and for `offline` who may call from a browser alone.
 */
import { copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readSettings, SETTING_NAMES } from '../../lib/config.ts'
import { LOCAL_STAGE } from '../local/constants.ts'

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
  classes: { Error: new (message: string, code: string) => Error }
  extendConfiguration(path: string[], value: unknown): void
  service: {
    provider: {
      compiledCloudFormationTemplate: { Resources: Record<string, Resource> }
      environment: Record<string, string>
      httpApi?: object
    }
    custom: {
      routeThrottling: Record<string, { rate: number; burst: number }>
      corsOrigins?: string | string[]
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
    const [command] = serverless.processedInput.commands
    // A folder of its own for every run: what an interrupted one left in the usual folder would end up in the zips.
    if (command === 'package' || command === 'deploy') {
      serverless.extendConfiguration(['custom', 'esbuild', 'outputWorkFolder'], this.#workFolder)
      const folder = join(serverless.serviceDir, this.#workFolder)
      process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    }
    this.hooks = {
      initialize: () => {
        this.prepareFunctions()
        if (command === 'package' || command === 'deploy') {
          this.checkSettings(command)
          this.letPagesIn()
        }
        if (command === 'offline') this.letPagesIn()
      },
      'before:package:createDeploymentArtifacts': () => this.keepSourceMaps(),
      'before:package:finalize': () => {
        this.checkNames()
        this.ownRoles()
        this.throttleRoutes()
      },
    }
  }

  /** Keeps source maps out of the zips, and the roles plugin from naming roles. */
  prepareFunctions() {
    for (const config of Object.values(this.#serverless.service.functions)) {
      config.package = {
        ...config.package,
        patterns: [...(config.package?.patterns ?? []), '!functions/*.map'],
      }
      // That plugin's own names may not exceed 64 characters and fail with a long stage name, a given one is taken
      // as it is. `ownRoles` takes it out again, so that CloudFormation makes one.
      config.iamRoleStatementsName = 'unnamed'
    }
  }

  /** Says now what every function would say when it starts, and what nobody would: a made-up issuer that is deployed. */
  checkSettings(command: string) {
    const { ISSUER, STAGE } = this.#settings()
    // The local plugin refuses to deploy its stage for a better reason.
    if (command === 'deploy' && STAGE !== LOCAL_STAGE && new URL(ISSUER).hostname.endsWith('.invalid')) {
      throw this.#error(
        `The issuer ${ISSUER} belongs to nobody. Put yours into serverless.yml, under "params:" and the stage's name, ` +
          'so that no later deployment forgets it: a changed issuer ends every token.',
      )
    }
  }

  #settings() {
    try {
      return readSettings(this.#serverless.service.provider.environment, SETTING_NAMES)
    } catch (error) {
      throw this.#error((error as Error).message)
    }
  }

  /** The framework prints its own errors without a stack. */
  #error(message: string): Error {
    return new this.#serverless.classes.Error(message, 'PACKAGE')
  }

  /** One CORS configuration for the whole API, or none: a page of another origin then cannot read an answer. */
  letPagesIn() {
    const { custom, provider } = this.#serverless.service
    const allowedOrigins = originsIn(custom.corsOrigins)
    if (allowedOrigins.length > 0)
      provider.httpApi = { ...provider.httpApi, cors: { allowedOrigins, ...CORS } }
  }

  /** Puts the source maps beside the zips, in `source-maps/`: the build folder is removed after packaging. */
  keepSourceMaps() {
    const from = join(this.#serverless.serviceDir, this.#workFolder)
    const to = join(from, '.serverless', 'source-maps')
    mkdirSync(to, { recursive: true })
    for (const map of globSync('.build/**/*.map', { cwd: from }))
      copyFileSync(join(from, map), join(to, basename(map)))
  }

  /** Says now what the deployment would say after minutes. */
  checkNames() {
    const { compiledCloudFormationTemplate } = this.#serverless.service.provider
    for (const { Type, Properties } of Object.values(compiledCloudFormationTemplate.Resources)) {
      if (Type !== 'AWS::Lambda::Function' || String(Properties['FunctionName']).length <= 64) continue
      throw new Error(
        `${Properties['FunctionName']} is longer than Lambda's 64 characters: shorten the stage name`,
      )
    }
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
      const logs = role.Policies[0]?.PolicyDocument.Statement[0]
      if (logs) logs.Action = logs.Action.filter((action) => action !== 'logs:CreateLogGroup')
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

/** The whole of what one stage's pages may send and read. No credentials: they come in headers, not in cookies. */
const CORS = {
  allowedHeaders: [
    'authorization',
    'content-type',
    'ccmessaging-token',
    'x-tenant-space-id',
    'x-refused-token',
    'prefer',
  ],
  allowedMethods: ['GET', 'POST'],
  exposedResponseHeaders: ['ccmessaging-token', 'x-request-id', 'retry-after'],
}

/** Exactly as a browser sends it, and no wildcard in any place. Plain http only for a page on the developer's machine. */
const ORIGIN = /^(https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http:\/\/localhost)(:[1-9][0-9]{0,4})?$/

/** The origins of a list, or of a text with commas. Throws an error that names the first entry that is none. */
const originsIn = (given: string | string[] = ''): string[] => {
  const origins = [given]
    .flat()
    .flatMap((text) => text.split(','))
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '')
  const wrong = origins.find((origin) => !ORIGIN.test(origin))
  if (wrong === undefined) return origins
  throw new Error(
    `corsOrigins: "${wrong}" is not one origin, such as https://www.example.com ("*" would let every page in)`,
  )
}

const integrationId = (name: string) => `HttpApiIntegration${name.charAt(0).toUpperCase()}${name.slice(1)}`
