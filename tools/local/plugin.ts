/** Serverless plugin: starts the embedded default for `offline` and `invoke local`, and stops it. */

import { resolve } from 'node:path'
import { type Cors, corsOf } from '../package/cors.ts'
import { enterLocalAwsEnvironment } from './aws-environment.ts'
import { bundlerStopper } from './bundler-process.ts'
import { DEFAULT_PORT, LOCAL_STAGE, LOOPBACK, SIGNING_KEY_SECRET, tenantSecret } from './constants.ts'
import { type OfflineServer, useCors } from './cors.ts'
import { type PageServer, serveDocs } from './docs-page.ts'
import { answerAsGateway, type GatewayServer } from './gateway-answers.ts'
import { unfoldBodies } from './invoke-output.ts'
import { type ListenedServer, tellMissed } from './missed-requests.ts'
import { letRequireFind } from './module-entry.ts'
import { muteOffline, shortenOutput } from './offline-output.ts'
import { endWithNpm } from './parent-process.ts'
import type { Playground, PlaygroundGateway } from './playground/open.ts'
import { assertPortIsFree, parsePort } from './port.ts'
import { progressOn } from './progress.ts'
import { readyText } from './ready-text.ts'
import { useRunFolder } from './run-folder.ts'
import { announce, withdraw } from './running-stack.ts'
import { endSchedules } from './schedules.ts'
import { type Options, routePath, type Serverless } from './serverless.ts'
import type { Stack } from './stack.ts'

/** How long a failed command may take to end by itself, in milliseconds. */
const GRACE_MS = 800

/** The framework constructs a module's default export: the one place where this project has one. */
export default class LocalPlugin {
  readonly hooks: Record<string, (error?: Error) => void | Promise<void>>
  readonly #serverless: Serverless
  readonly #options: Options
  #stack: Stack | undefined
  #cors: Cors | undefined
  #playground: Playground | undefined
  #closePlayground = (): void => {}
  #restoreOutput = (): void => {}
  #stopBundler = async (): Promise<void> => {}
  readonly #progress = progressOn(process.stderr)

  constructor(serverless: Serverless, options: Options) {
    this.#serverless = serverless
    this.#options = options
    const [command, subcommand] = serverless.processedInput.commands
    const offline = command === 'offline'
    const invokeLocal = command === 'invoke' && subcommand === 'local'
    if (command === 'deploy') this.hooks = { initialize: () => this.#refuseLocalStage() }
    else if (offline || invokeLocal) {
      useRunFolder(serverless, 'local')
      // The vendors' emulators speak plain http on loopback. Here and nowhere else, so that no package can have it.
      serverless.extendConfiguration(['provider', 'environment', 'ALLOW_LOOPBACK_HTTP'], 'true')
      // Nothing is sent anywhere: half of the bundler's time goes into what makes a package small.
      for (const option of ['minify', 'sourcemap'])
        serverless.extendConfiguration(['custom', 'esbuild', option], false)
      this.#stopBundler = bundlerStopper()
      this.hooks = {
        initialize: () => this.#start(offline),
        'before:offline:start:init': () => {
          this.#progress('starting the server')
          if (!options.verbose) this.#restoreOutput = muteOffline()
        },
        'after:offline:start:init': () => {
          this.#restoreOutput()
          answerAsGateway(this.#gateway())
          serveDocs(this.#gateway(), () => this.#document())
          this.#openPlayground()
        },
        'before:offline:start:ready': () => this.#sayReady(),
        'before:offline:start:end': async () => {
          await endSchedules()
          await this.#stop()
        },
        'before:invoke:local:invoke': async () => {
          await this.#fillEvent()
          // serverless-esbuild has made its build folder the service's
          letRequireFind(this.#serverless.serviceDir)
          this.#restoreOutput = unfoldBodies()
        },
        'after:invoke:local:invoke': () => {
          this.#restoreOutput()
          return this.#stop()
        },
        error: () => this.#fail(),
      }
    } else this.hooks = {}
  }

  #refuseLocalStage(): void {
    if (this.#serverless.getProvider('aws').getStage() !== LOCAL_STAGE) return
    throw this.#error(
      `Stage "${LOCAL_STAGE}" is for this machine only: its caller key is public. Name another with --stage <name>.`,
    )
  }

  async #start(offline: boolean): Promise<void> {
    const provider = this.#serverless.getProvider('aws')
    if (provider.getStage() !== LOCAL_STAGE) {
      throw this.#error(
        `Only stage "${LOCAL_STAGE}" runs on this machine: leave --stage ${provider.getStage()} out.`,
      )
    }
    if (offline) await this.#configureOffline()
    enterLocalAwsEnvironment(provider.getRegion())
    if (offline) this.#progress('starting the emulators of AWS and of the vendors')
    // only now: every other command would load the AWS clients and dynalite for nothing
    const { startStack } = await import('./stack.ts')
    if (offline) this.#playground = (await import('./playground/open.ts')).createPlayground()
    const secretsFile = process.env['LOCAL_SECRETS_FILE']
    try {
      this.#stack = await startStack({
        resources: this.#serverless.service.resources?.Resources ?? {},
        // npm changes to the project's folder; a relative path is meant from where npm was called
        secretsFile: secretsFile && resolve(process.env['INIT_CWD'] ?? '.', secretsFile),
        region: provider.getRegion(),
        port: process.env['PORT'] || undefined,
        vendors: this.#playground?.vendors,
      })
    } catch (error) {
      throw this.#error((error as Error).message)
    }
    // the offline server hands variables that start with AWS_ on to its workers, and no others
    Object.assign(process.env, this.#stack.endpoints)
    if (offline) this.#progress('bundling the functions: the longest step')
  }

  async #configureOffline(): Promise<void> {
    const port = this.#options.httpPort ?? (process.env['PORT'] || DEFAULT_PORT)
    const { custom = {} } = this.#serverless.service
    let httpPort: number
    try {
      this.#cors = corsOf(custom['corsOrigins'] as string | readonly string[] | undefined, LOCAL_STAGE)
      httpPort = parsePort(port)
      await assertPortIsFree(httpPort)
    } catch (error) {
      throw this.#error((error as Error).message)
    }
    const offline = { ...custom['serverless-offline'], host: LOOPBACK, httpPort, lambdaPort: 0 }
    this.#serverless.service.custom = { ...custom, 'serverless-offline': offline }
  }

  #sayReady(): void {
    const stack = this.#stack
    if (!stack) return
    const { controls, appKeyOf } = stack
    const gateway = this.#gateway()
    useCors(gateway, this.#cors)
    // With PORT=0 the system chooses, and only the listening server knows what.
    const url = `http://${LOOPBACK}:${gateway.info.port}`
    const pathOf = (functionName: string) => routePath(this.#serverless, functionName)
    const origins = this.#cors?.allowedOrigins ?? []
    endWithNpm()
    stack.servedAt({ url, validateUrl: url + pathOf('validateEnterpriseToken') })
    const { environment = {} } = this.#serverless.service.provider
    announce({ endpoints: stack.endpoints, environment })
    process.stdout.write(readyText({ url, pathOf, appKeyOf, controls, origins }))
    if (!process.stdout.isTTY || process.env['LOG_LINES'] === 'json') return
    shortenOutput()
    tellMissed(gateway, { cors: this.#cors, write: (line) => process.stdout.write(line) })
  }

  /** What this stage takes and answers, by its own settings and at its own addresses. */
  async #document(): Promise<object> {
    const { openApiOfStage } = await import('../interface/stage-document.ts')
    return openApiOfStage({
      url: `http://${LOOPBACK}:${this.#gateway().info.port}`,
      env: this.#serverless.service.provider.environment ?? {},
      pathOf: (functionName) => routePath(this.#serverless, functionName),
    })
  }

  /** The server of all routes, which listens. */
  #gateway(): Gateway {
    for (const plugin of this.#serverless.pluginManager.plugins as readonly Partial<OfflinePlugin>[]) {
      const server = plugin.internals?.().getApiGatewayServer()
      if (server) return server
    }
    throw new Error('the offline plugin is not loaded: see "plugins" in serverless.yml')
  }

  #openPlayground(): void {
    const [stack, playground] = [this.#stack, this.#playground]
    if (!stack || !playground) return
    const pathOf = (functionName: string) => routePath(this.#serverless, functionName)
    this.#closePlayground = playground.open(this.#gateway(), { appKeyOf: stack.appKeyOf, pathOf })
  }

  async #fillEvent(): Promise<void> {
    const stack = this.#stack
    if (!stack) return
    const { fillSampleEvent } = await import('./sample-event.ts')
    this.#options.data = await fillSampleEvent(this.#options.data, {
      signingKey: stack.secrets[SIGNING_KEY_SECRET] ?? '',
      cecSettings: stack.secrets[tenantSecret('cec')] ?? '',
      issuer: this.#serverless.service.provider.environment?.['ISSUER'] ?? '',
      now: new Date(),
      startRotation: () => stack.startRotation(SIGNING_KEY_SECRET),
    })
  }

  async #stop(): Promise<void> {
    const stack = this.#stack
    this.#stack = undefined
    this.#closePlayground()
    withdraw()
    await stack?.close()
    await this.#stopBundler()
  }

  async #fail(): Promise<void> {
    this.#restoreOutput()
    await this.#stop()
    // a bundler's context or a handler's open socket would keep the failed command from ending
    setTimeout(() => process.exit(1), GRACE_MS).unref()
  }

  /** The framework prints its own errors without a stack. */
  #error(message: string): Error {
    return new this.#serverless.classes.Error(message, 'LOCAL_STACK')
  }
}

type Gateway = GatewayServer & ListenedServer & OfflineServer & PageServer & PlaygroundGateway

interface OfflinePlugin {
  internals(): { getApiGatewayServer(): Gateway | undefined }
}
