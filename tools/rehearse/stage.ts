/** The stage that is rehearsed: its project, the framework's commands on it, its API, and its secrets. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  FilterLogEventsCommand,
  type LogGroup,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { SERVERLESS } from '../local/offline-process.ts'
import { run } from '../program.ts'
import { type ApiAnswer, type ApiPlace, type ApiRequest, callApi } from './api.ts'

const OPERATOR = 'tools/operator/operator.ts'

export interface StageOptions {
  readonly name: string
  readonly region: string
  /** A copy of the project, which is changed and packaged. */
  readonly project: string
  /** The environment of every command, which leads to the account. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly emulator: ApiPlace['emulator']
  /** Of every deployment, beside those that a step sets. Default none. */
  readonly parameters?: Readonly<Record<string, string>>
}

export class Stage {
  readonly name: string
  readonly prefix: string
  readonly #options: StageOptions
  readonly #secrets = new SecretsManagerClient({})
  readonly #tables = new DynamoDBClient({})
  readonly #logs = new CloudWatchLogsClient({})
  readonly #yml: string
  #apiUrl = ''

  constructor(options: StageOptions) {
    this.name = options.name
    this.prefix = `cec-token-bridge/${options.name}`
    this.#options = options
    this.#yml = readFileSync(join(options.project, 'serverless.yml'), 'utf8')
  }

  /** Writes the stage's block of parameters into serverless.yml, as docs/deploy.md says. */
  setParameters(parameters: Readonly<Record<string, string>>): void {
    const all = { ...this.#options.parameters, ...parameters }
    const lines = Object.entries(all).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`)
    const block = ['params:', `  ${this.name}:`, ...lines].join('\n')
    writeFileSync(join(this.#options.project, 'serverless.yml'), this.#yml.replace(/^params:$/m, block))
  }

  /** Runs a command of the framework on this stage and returns what it printed. Throws ProgramError. */
  serverless(...args: readonly string[]): Promise<string> {
    const { name, region, project: cwd, env } = this.#options
    return run(process.execPath, [SERVERLESS, ...args, '--stage', name, '--region', region], { cwd, env })
  }

  /** The newest lines of a function's log, or why there are none. */
  async log(functionName: string): Promise<string> {
    const printed = await this.serverless('logs', '--function', functionName).catch(
      (error: Error) => error.message,
    )
    return printed.trim().split('\n').slice(-12).join('\n')
  }

  /** Runs one of the operator's commands, with this stage's parameters, and returns what it printed. Throws ProgramError. */
  operator(...args: readonly string[]): Promise<string> {
    const { env, project: cwd } = this.#options
    return run(process.execPath, [join(cwd, OPERATOR), ...args], { cwd, env })
  }

  /** The copy of the project, where a command's files may be laid. */
  get folder(): string {
    return this.#options.project
  }

  /** Arguments that lead an operator's command to this stage. */
  get options(): string[] {
    return ['--stage', this.name, '--region', this.#options.region]
  }

  /** The stack's outputs, by `serverless info`. */
  async outputs(): Promise<Record<string, string>> {
    const info = await this.serverless('info', '--verbose')
    const outputs = Object.fromEntries(
      [...info.matchAll(/^ {2}(\w+): (\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
    )
    this.#apiUrl = outputs['HttpApiUrl'] ?? ''
    return outputs
  }

  /** Calls the API of the deployment whose outputs were read last. */
  call(request: ApiRequest): Promise<ApiAnswer> {
    return callApi({ url: this.#apiUrl, emulator: this.#options.emulator }, request)
  }

  async readSecret(name: string): Promise<string> {
    const { SecretString = '' } = await this.#secrets.send(
      new GetSecretValueCommand({ SecretId: `${this.prefix}/${name}` }),
    )
    return SecretString
  }

  async putSecret(name: string, value: object): Promise<void> {
    const SecretString = JSON.stringify(value)
    await this.#secrets.send(new PutSecretValueCommand({ SecretId: `${this.prefix}/${name}`, SecretString }))
  }

  /** Names of the secrets, without the stage's prefix. */
  async secretNames(): Promise<string[]> {
    const names: string[] = []
    for await (const { SecretList = [] } of paginateListSecrets({ client: this.#secrets }, {}))
      names.push(...SecretList.map(({ Name = '' }) => Name))
    return names
      .filter((name) => name.startsWith(`${this.prefix}/`))
      .map((name) => name.slice(this.prefix.length + 1))
      .sort()
  }

  async tableNames(): Promise<string[]> {
    const start = `cec-token-bridge-${this.name}-`
    const { TableNames = [] } = await this.#tables.send(
      new ListTablesCommand({ ExclusiveStartTableName: start.slice(0, -1) }),
    )
    return TableNames.filter((name) => name.startsWith(start))
  }

  /** At once and for good: a deleted secret's name would be taken for a week at least. */
  async deleteSecret(name: string): Promise<void> {
    await this.#secrets.send(
      new DeleteSecretCommand({ SecretId: `${this.prefix}/${name}`, ForceDeleteWithoutRecovery: true }),
    )
  }

  /** For a week, in which its name stays taken. */
  async markForDeletion(name: string): Promise<void> {
    await this.#secrets.send(
      new DeleteSecretCommand({ SecretId: `${this.prefix}/${name}`, RecoveryWindowInDays: 7 }),
    )
  }

  /** Of the functions and of the API. */
  async logGroups(): Promise<string[]> {
    return (await this.#groups()).map(({ logGroupName = '' }) => logGroupName)
  }

  /** Each number of days for which a log group of the stage keeps its lines, once. */
  async logRetentions(): Promise<(number | undefined)[]> {
    return [...new Set((await this.#groups()).map(({ retentionInDays }) => retentionInDays))]
  }

  async #groups(): Promise<LogGroup[]> {
    const groups: LogGroup[] = []
    for (const kind of ['lambda', 'http-api']) {
      const logGroupNamePrefix = `/aws/${kind}/cec-token-bridge-${this.name}`
      const pages = paginateDescribeLogGroups({ client: this.#logs }, { logGroupNamePrefix })
      for await (const { logGroups = [] } of pages) groups.push(...logGroups)
    }
    return groups
  }

  /** How many lines of a function's log have this code. */
  async linesWith(functionName: string, code: string): Promise<number> {
    const logGroupName = `/aws/lambda/cec-token-bridge-${this.name}-${functionName}`
    const { events = [] } = await this.#logs.send(new FilterLogEventsCommand({ logGroupName }))
    return events.filter(({ message = '' }) => message.includes(`"${code}"`)).length
  }

  async deleteLogGroup(logGroupName: string): Promise<void> {
    await this.#logs.send(new DeleteLogGroupCommand({ logGroupName }))
  }

  async deleteTable(TableName: string): Promise<void> {
    await this.#tables.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }))
    await this.#tables.send(new DeleteTableCommand({ TableName }))
  }

  close(): void {
    this.#secrets.destroy()
    this.#logs.destroy()
    this.#tables.destroy()
  }
}
