/**
 * Serverless plugin: makes the package what `serverless.yml` means, where the other plugins fall short.
 * Listed after serverless-esbuild and serverless-iam-roles-per-function, so that its hooks run on what they made.
 * For `offline` and `invoke local` it only checks the stage's parameters.
 */
import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readSettings, SETTING_NAMES } from '../../lib/config.ts'
import { LOCAL_STAGE } from '../local/constants.ts'
import { useRunFolder } from '../local/run-folder.ts'
import { unwritable } from '../start/writable.ts'
import { capacityPlan, type Limit, limitsWith } from './capacity.ts'
import { corsOf } from './cors.ts'
import { type KmsKeyParameters, kmsKeysOf, useKmsKeys } from './kms.ts'
import { placeInNetwork } from './network.ts'
import { type NetworkParameters, networkOf } from './network-parameters.ts'
import { checkParameters } from './parameters/check.ts'
import { entriesOf } from './parameters/shapes.ts'
import { type Configured, givenIn, placeIn, writeListsAsText } from './parameters/stage.ts'
import type { Resource, Template } from './template.ts'
import { shareSchedule, warmDirectory } from './template-capacity.ts'

interface Role extends Resource {
  Properties: {
    RoleName?: unknown
    Policies: { PolicyDocument: { Statement: { Action: string[] }[] } }[]
  }
}

interface FunctionConfig {
  events?: { httpApi?: unknown; schedule?: unknown }[]
  reservedConcurrency?: unknown
  iamRoleStatements?: unknown[]
  iamRoleStatementsName?: string
  package?: { patterns?: string[] }
}

interface Serverless extends Configured {
  serviceDir: string
  processedInput: Configured['processedInput'] & { commands: string[] }
  classes: { Error: new (message: string, code: string) => Error }
  pluginManager?: { plugins: readonly object[] }
  addServiceOutputSection?(name: string, lines: readonly string[]): void
  service: {
    provider: {
      region?: string
      compiledCloudFormationTemplate: Template
      environment: Record<string, string>
      httpApi?: object
    }
    custom: {
      routeThrottling: Record<string, Limit>
      capacity?: Partial<CapacityParameters>
      corsOrigins?: string
      kmsKeys?: KmsKeyParameters
      network?: Partial<NetworkParameters>
    }
    functions: Record<string, FunctionConfig>
    resources?: { Resources?: Record<string, Resource> }
  }
}

/** By parameter. */
interface CapacityParameters {
  readonly accountConcurrency: string
  readonly routeRates: string
  readonly directoryWarmReadUnits: string
  readonly prewarmShares: string
  readonly pollSeconds: string
}

/** The framework's plugin that has asked for the stack's outputs. */
interface Informed {
  readonly gatheredData?: {
    readonly outputs?: readonly { readonly OutputKey?: string; readonly OutputValue?: string }[]
  }
}

/** The framework's own writers. */
interface Utils {
  log?: { warning(text: string): void }
}

/** Commands that read the parameters. All others, such as `remove`, work whatever those say. */
const READING = ['package', 'deploy', 'offline', 'invoke', 'print']

/** Commands that bundle the functions in the project's folder. */
const BUILDING = ['package', 'deploy', 'offline', 'invoke']

const SHARED_ROLE = 'IamRoleLambdaExecution'

export default class PackagePlugin {
  readonly hooks: Record<string, () => void>
  readonly #serverless: Serverless
  readonly #utils: Utils
  #workFolder = '.esbuild'

  constructor(serverless: Serverless, _options: unknown = {}, utils: Utils = {}) {
    this.#serverless = serverless
    this.#utils = utils
    const [command = ''] = serverless.processedInput.commands
    const readsParameters = READING.includes(command)
    // Before the framework puts a parameter anywhere: it would complain of the place, and not of the parameter.
    if (readsParameters) this.checkParameters()
    if (BUILDING.includes(command)) this.#refuse(unwritable(serverless.serviceDir))
    writeListsAsText(serverless)
    if (command === 'package' || command === 'deploy') {
      // Lambda reads the files of a package as another user: under a strict mask it could not.
      process.umask(0o022)
      this.#workFolder = useRunFolder(serverless, 'package')
    }
    this.hooks = {
      initialize: () => {
        this.prepareFunctions()
        // Once more, for values that were variables before.
        if (readsParameters) for (const warning of this.checkParameters()) this.#warn(warning)
        if (command === 'package' || command === 'deploy') {
          this.checkSettings(command)
          this.shareOut()
          this.letPagesIn()
          this.#kmsKeys()
          this.notifyTopics()
          this.network()
        }
      },
      'after:aws:info:gatherData': () => this.showValidateUrl(),
      'before:package:createDeploymentArtifacts': () => this.keepSourceMaps(),
      'before:package:finalize': () => {
        this.checkNames()
        this.ownRoles()
        this.throttleRoutes()
      },
      // Only then is what serverless.yml has under "resources" in the template, the tables among it.
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        this.useKeys()
        this.warmTables()
        this.placeInNetwork()
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

  /** Throws all mistakes in the parameters together, a line for each. Returns what is allowed and probably not meant. */
  checkParameters(): readonly string[] {
    const { mistakes, warnings } = checkParameters(givenIn(this.#serverless), placeIn(this.#serverless))
    if (mistakes.length > 0) throw this.#error(mistakes.join('\n'))
    return warnings
  }

  #refuse(sentence: string | undefined) {
    if (sentence !== undefined) throw this.#error(sentence)
  }

  #warn(sentence: string) {
    this.#utils.log?.warning(sentence)
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

  /** Gives functions their executions and the schedule its shares. Throws what cannot fit, and warns of what may not. */
  shareOut() {
    const { custom, functions } = this.#serverless.service
    const { accountConcurrency, pollSeconds, prewarmShares = '1' } = custom.capacity ?? {}
    shareSchedule(functions['prewarmTokens'], Number(prewarmShares))
    if (accountConcurrency === undefined) return
    const { reserved, mistakes, warnings } = capacityPlan({
      accountConcurrency: Number(accountConcurrency),
      given: Object.fromEntries(
        Object.entries(functions).map(([name, { reservedConcurrency }]) => [name, reservedConcurrency]),
      ),
      limits: this.#limits(),
      pollSeconds: Number(pollSeconds),
    })
    if (mistakes.length > 0) throw this.#error(mistakes.join('\n'))
    for (const warning of warnings) this.#warn(warning)
    for (const [name, executions] of Object.entries(reserved)) {
      const config = functions[name]
      if (config !== undefined) config.reservedConcurrency = executions
    }
  }

  #limits(): Readonly<Record<string, Limit>> {
    const { custom } = this.#serverless.service
    return limitsWith(custom.routeThrottling, custom.capacity?.routeRates)
  }

  warmTables() {
    const { custom, provider } = this.#serverless.service
    warmDirectory(provider.compiledCloudFormationTemplate, custom.capacity?.directoryWarmReadUnits ?? '')
  }

  /** One CORS configuration for the whole API, or none: a page of another origin then cannot read an answer. */
  letPagesIn() {
    const { custom, provider } = this.#serverless.service
    const cors = corsOf(custom.corsOrigins, placeIn(this.#serverless).stage)
    if (cors !== undefined) provider.httpApi = { ...provider.httpApi, cors }
  }

  /** Where the parameters place functions and API. Throws on those that cannot be meant. */
  network() {
    const { custom, provider } = this.#serverless.service
    const hasPages = corsOf(custom.corsOrigins, placeIn(this.#serverless).stage) !== undefined
    return networkOf(custom.network ?? {}, { region: provider.region ?? '', hasPages })
  }

  placeInNetwork() {
    const { functions, provider } = this.#serverless.service
    const rights = Object.entries(functions).map(([name, { iamRoleStatements }]) => [name, iamRoleStatements])
    placeInNetwork(provider.compiledCloudFormationTemplate, this.network(), Object.fromEntries(rights))
  }

  useKeys() {
    const { Resources } = this.#serverless.service.provider.compiledCloudFormationTemplate
    useKmsKeys(Resources, this.#kmsKeys())
  }

  #kmsKeys() {
    const { custom, provider } = this.#serverless.service
    return kmsKeysOf(custom.kmsKeys ?? {}, provider.region ?? '')
  }

  /** Makes of the parameter's text the list that an alarm wants. */
  notifyTopics() {
    for (const { Type, Properties } of Object.values(this.#serverless.service.resources?.Resources ?? {}))
      if (Type === 'AWS::CloudWatch::Alarm')
        Properties['AlarmActions'] = entriesOf(Properties['AlarmActions'])
  }

  /** After a deployment, among what the framework shows without being asked for all outputs. */
  showValidateUrl() {
    const plugins: readonly Informed[] = this.#serverless.pluginManager?.plugins ?? []
    const outputs = plugins.flatMap(({ gatheredData }) => gatheredData?.outputs ?? [])
    const url = outputs.find(({ OutputKey }) => OutputKey === 'ValidateUrl')?.OutputValue
    if (url !== undefined)
      this.#serverless.addServiceOutputSection?.('ValidateUrl, for the operators of CEC', [url])
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
      throw this.#error(
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
        throw this.#error(`function ${name} has no iamRoleStatements: it would get the shared role`)
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
    const { functions, provider } = this.#serverless.service
    const limits = this.#limits()
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
      const limit = name && limits[name]
      if (!limit) throw this.#error(`custom.routeThrottling has no entry for ${Properties['RouteKey']}`)
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
