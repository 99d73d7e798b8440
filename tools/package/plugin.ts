/**
 * Serverless plugin: makes the package what `serverless.yml` means, where the other plugins fall short. Wiring only.
 * Listed after serverless-esbuild and serverless-iam-roles-per-function, so that its hooks run on what they made.
 * For `offline` and `invoke local` it only checks the stage's parameters.
 */
import { join } from 'node:path'
import { useRunFolder } from '../local/run-folder.ts'
import { unwritable } from '../start/writable.ts'
import { ALARMS } from './alarm-table.ts'
import { alarmResources, loudAlarms } from './alarms.ts'
import { corsOf } from './cors.ts'
import { dashboard } from './dashboard.ts'
import { overlongName, ownRoles, prepareFunctions } from './functions.ts'
import { kmsKeysOf, useKmsKeys } from './kms.ts'
import { keepLogGroups } from './log-groups.ts'
import { allowLogKey, logKeySecret } from './log-user-ids.ts'
import { placeInNetwork } from './network.ts'
import { networkOf } from './network-parameters.ts'
import { sayWhatStays, showValidateUrl } from './outputs.ts'
import { checkParameters } from './parameters/check.ts'
import { entriesOf } from './parameters/shapes.ts'
import { givenIn, placeIn, writeListsAsText } from './parameters/stage.ts'
import { proberWarnings } from './prober.ts'
import { queryResources } from './queries.ts'
import type { Serverless, Utils } from './serverless.ts'
import { settingsMistake } from './settings.ts'
import { limitsOf, shareOut } from './share-out.ts'
import { keepSourceMaps } from './source-maps.ts'
import { throttleRoutes } from './throttling.ts'
import { traceFunctions } from './tracing.ts'
import { warmDirectory } from './warm-directory.ts'

/** Commands that read the parameters. All others, such as `remove`, work whatever those say. */
const READING = ['package', 'deploy', 'offline', 'invoke', 'print']

/** Commands that bundle the functions in the project's folder. */
const BUILDING = ['package', 'deploy', 'offline', 'invoke']

export default class PackagePlugin {
  readonly hooks: Record<string, () => void>
  readonly #serverless: Serverless
  #workFolder = '.esbuild'

  constructor(serverless: Serverless, _options: unknown = {}, utils: Utils = {}) {
    this.#serverless = serverless
    const { serviceDir } = serverless
    const [command = ''] = serverless.processedInput.commands
    const readsParameters = READING.includes(command)
    // Before the framework puts a parameter anywhere: it would complain of the place, and not of the parameter.
    if (readsParameters) this.checkParameters()
    if (BUILDING.includes(command)) this.#refuse(unwritable(serviceDir))
    writeListsAsText(serverless)
    if (command === 'package' || command === 'deploy') {
      // Lambda reads the files of a package as another user: under a strict mask it could not.
      process.umask(0o022)
      this.#workFolder = useRunFolder(serverless, 'package')
    }
    this.hooks = {
      initialize: () => {
        prepareFunctions(serverless.service.functions)
        // Once more, for values that were variables before.
        if (readsParameters) for (const warning of this.checkParameters()) utils.log?.warning(warning)
        if (command === 'package' || command === 'deploy') {
          this.checkSettings(command)
          const { mistake, warnings } = shareOut(serverless.service)
          this.#refuse(mistake)
          for (const warning of warnings) utils.log?.warning(warning)
          this.letPagesIn()
          if (this.#hashesUserIds)
            allowLogKey(serverless.service.functions, serverless.service.custom.arn?.secrets ?? '')
          this.#kmsKeys()
          const network = this.#network()
          const sourceCidrs = String(serverless.service.provider.environment?.['CEC_SOURCE_CIDRS'] ?? '')
          if (this.#isOn('probe'))
            for (const warning of proberWarnings({ network, sourceCidrs })) utils.log?.warning(warning)
        }
      },
      'after:aws:info:gatherData': () => showValidateUrl(serverless),
      'after:remove:remove': () => sayWhatStays(serverless, utils),
      'before:package:createDeploymentArtifacts': () => keepSourceMaps(join(serviceDir, this.#workFolder)),
      'before:package:finalize': () => {
        const { functions } = serverless.service
        this.#refuse(overlongName(this.#template))
        this.#refuse(ownRoles(this.#template, functions))
        this.#refuse(throttleRoutes(this.#template, functions, limitsOf(serverless.service)))
      },
      // Only then is what serverless.yml has under "resources" in the template, the tables among it.
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        if (this.#hashesUserIds)
          this.#template.Resources['LogKeySecret'] = logKeySecret(
            serverless.service.custom.secretsPrefix ?? '',
          )
        useKmsKeys(this.#template.Resources, this.#kmsKeys())
        warmDirectory(this.#template, serverless.service.custom.capacity?.directoryWarmReadUnits ?? '')
        this.watch()
        this.#placeInNetwork()
        keepLogGroups(this.#template.Resources)
      },
    }
  }

  get #template() {
    return this.#serverless.service.provider.compiledCloudFormationTemplate
  }

  /** Throws all mistakes in the parameters together, a line for each. Returns what is allowed and probably not meant. */
  checkParameters(): readonly string[] {
    const { mistakes, warnings } = checkParameters(givenIn(this.#serverless), placeIn(this.#serverless))
    this.#refuse(mistakes.length > 0 ? mistakes.join('\n') : undefined)
    return warnings
  }

  /** The framework prints its own errors without a stack. */
  #refuse(sentence: string | undefined) {
    if (sentence !== undefined) throw new this.#serverless.classes.Error(sentence, 'PACKAGE')
  }

  checkSettings(command: string) {
    this.#refuse(settingsMistake(this.#serverless.service.provider.environment, command))
  }

  #cors() {
    return corsOf(this.#serverless.service.custom.corsOrigins, placeIn(this.#serverless).stage)
  }

  /** One CORS configuration for the whole API, or none: a page of another origin then cannot read an answer. */
  letPagesIn() {
    const { provider } = this.#serverless.service
    const cors = this.#cors()
    if (cors !== undefined) provider.httpApi = { ...provider.httpApi, cors }
  }

  /** Where the parameters place functions and API. Throws on those that cannot be meant. */
  #network() {
    const { custom, provider } = this.#serverless.service
    return networkOf(custom.network ?? {}, {
      region: provider.region ?? '',
      hasPages: this.#cors() !== undefined,
    })
  }

  #placeInNetwork() {
    const { functions } = this.#serverless.service
    const rights = Object.entries(functions).map(([name, { iamRoleStatements }]) => [name, iamRoleStatements])
    placeInNetwork(this.#template, this.#network(), Object.fromEntries(rights))
  }

  get #hashesUserIds(): boolean {
    return this.#serverless.service.custom.logUserIds === 'hashed'
  }

  #kmsKeys() {
    const { custom, provider } = this.#serverless.service
    return kmsKeysOf(custom.kmsKeys ?? {}, provider.region ?? '')
  }

  #isOn(name: 'probe' | 'dashboard' | 'tracing'): boolean {
    return String(this.#serverless.service.custom.observed?.[name]) === 'true'
  }

  /** Alarms, dashboard, ready queries and traces, as the parameters say. */
  watch() {
    const { alarmActions, capacity = {} } = this.#serverless.service.custom
    const shares = Number(capacity.prewarmShares ?? 1)
    const { stage } = placeIn(this.#serverless)
    const { Resources } = this.#template
    const functions = Object.keys(this.#serverless.service.functions)
    const place = { stage, actions: entriesOf(alarmActions) ?? [], isProbed: this.#isOn('probe'), shares }
    Object.assign(Resources, alarmResources(ALARMS, place), queryResources(stage, functions))
    if (this.#isOn('dashboard'))
      Resources['Dashboard'] = dashboard({ stage, functions, alarms: loudAlarms(ALARMS, place) })
    if (this.#isOn('tracing')) traceFunctions(Resources)
  }
}
