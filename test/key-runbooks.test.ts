/** Every command of docs/key-mistakes.md, run against the local stage after the mistake that its heading names. */

import { readFileSync } from 'node:fs'
import * as sdk from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import type { JwksSecret, SigningKeySecret } from '../lib/schemas/key-secrets.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { secretReader } from '../lib/secrets/reader.ts'
import { keyAndAdmission } from '../lib/signed-token/may-issue.ts'
import { enterLocalAwsEnvironment } from '../tools/local/aws-environment.ts'
import { JWKS_SECRET, LOCAL_DIRECTORY_TABLE, SIGNING_KEY_SECRET } from '../tools/local/constants.ts'
import { type Stack, startStack } from '../tools/local/stack.ts'
import { parseArguments } from '../tools/operator/rotate/arguments.ts'
import { type OpenStage, openStage } from '../tools/operator/rotate/stage.ts'
import { rotate } from '../tools/operator/rotate.ts'
import { secret } from './support/canary.ts'
import { directoryResources } from './support/world.ts'

const DOCUMENT = readFileSync(new URL('../docs/key-mistakes.md', import.meta.url), 'utf8')

/** The blocks of commands under each heading: each block is one way out. */
const RUNBOOKS: ReadonlyMap<string, readonly string[][]> = new Map(
  DOCUMENT.split(/^## /m)
    .slice(1)
    .map((section) => [
      section.split('\n', 1)[0] ?? '',
      [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim().split('\n')),
    ]),
)

let stack: Stack
let stage: OpenStage
let client: sdk.SecretsManagerClient

beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterAll(() => vi.restoreAllMocks())
beforeEach(async () => {
  enterLocalAwsEnvironment('eu-west-1')
  stack = await startStack({ resources: directoryResources(LOCAL_DIRECTORY_TABLE), region: 'eu-west-1' })
  Object.assign(process.env, stack.endpoints)
  stage = { ...openStage('local', undefined), patience: { periodMs: 20, mostMs: 30_000 } }
  client = new sdk.SecretsManagerClient({})
  await shell('npm run rotate --')
  expect(await issuing()).toBe('issues')
  return async () => {
    client.destroy()
    stage.close()
    await stack.close()
  }
}, 60_000)

const pascal = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
const current = async <T>(name: string) =>
  JSON.parse((await awsSecretSource(client).read(name, 'AWSCURRENT')).value) as T
const put = (SecretId: string, value: object) =>
  client.send(new sdk.PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) }))
const versionWith = async (SecretId: string, label: string) => {
  const { VersionIdsToStages = {} } = await client.send(new sdk.DescribeSecretCommand({ SecretId }))
  return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(label))?.[0] ?? ''
}
const rollBack = async (SecretId: string) =>
  client.send(
    new sdk.UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: await versionWith(SecretId, 'AWSPREVIOUS'),
      RemoveFromVersionId: await versionWith(SecretId, 'AWSCURRENT'),
    }),
  )

/** Of the versions whose ids the reader sets the document's variables to. */
const LABELS: Readonly<Record<string, string>> = { PREVIOUS: 'AWSPREVIOUS', CURRENT: 'AWSCURRENT' }

/** Runs a line of the document as a shell would, with the local stage for the deployed one. */
const shell = async (line: string): Promise<void> => {
  const words = line.replaceAll('/prod/', '/local/').split(' ')
  if (words[0] === 'npm') {
    const own = words.slice(4).filter((word) => !['--stage', 'prod', '--region', 'eu-west-1'].includes(word))
    await rotate(parseArguments(own), stage, () => undefined)
    return
  }
  const [program, service, action = '', ...options] = words
  expect([program, service]).toEqual(['aws', 'secretsmanager'])
  const pairs = options.flatMap((name, at) =>
    name.startsWith('--') ? [[pascal(name.slice(2)), options[at + 1] ?? '']] : [],
  )
  const { Region: _, Query: __, ...input } = Object.fromEntries(pairs) as Record<string, string>
  for (const [name, value] of Object.entries(input)) {
    const [, variable] = /^"\$(\w+)"$/.exec(value) ?? []
    if (variable !== undefined)
      input[name] = await versionWith(input['SecretId'] ?? '', LABELS[variable] ?? '')
  }
  const Command = (sdk as unknown as Record<string, new (input: object) => sdk.DescribeSecretCommand>)[
    `${pascal(action)}Command`
  ]
  if (Command === undefined) throw new Error(`no such action: ${action}`)
  await client.send(new Command(input))
}

/** What a sandbox that starts now says: `issues`, or the code of its refusal. */
const issuing = async (afterSeconds = 0): Promise<string> => {
  const now = () => new Date(Date.now() + afterSeconds * 1000)
  const secrets = secretReader({
    ...{ source: awsSecretSource(client), prefix: 'cec-token-bridge/local', now, random: () => 0 },
    log: () => undefined,
  })
  const directory = dynamoDirectory({ table: LOCAL_DIRECTORY_TABLE, random: () => 0 })
  return keyAndAdmission({ secrets, directory, now })(
    { tenantSpaceId: '1', userId: 'tom' },
    { remainingMs: () => 5_000 },
  ).then(
    () => 'issues',
    (error: { code?: string }) => error.code ?? String(error),
  )
}

/** A mistake by its heading, and what issuing says 20 minutes after it, when nothing is done. */
const MISTAKES: Readonly<Record<string, readonly [mistake: () => Promise<unknown>, code: string]>> = {
  '`signing-key` was rolled back': [() => rollBack(SIGNING_KEY_SECRET), 'KEY_RETIRED'],
  '`signing-key` was emptied': [() => put(SIGNING_KEY_SECRET, { keys: [] }), 'KEYS_NOT_INITIALISED'],
  '`jwks` was rolled back': [() => rollBack(JWKS_SECRET), 'issues'],
  '`jwks` was emptied': [() => put(JWKS_SECRET, { keys: [] }), 'KEYS_NOT_INITIALISED'],
  'A pending version without keys': [
    () =>
      client.send(
        new sdk.PutSecretValueCommand({
          SecretId: SIGNING_KEY_SECRET,
          SecretString: '{"keys":[]}',
          VersionStages: ['AWSPENDING'],
        }),
      ),
    'issues',
  ],
  'One of the two was deleted': [
    () => client.send(new sdk.DeleteSecretCommand({ SecretId: SIGNING_KEY_SECRET, RecoveryWindowInDays: 7 })),
    'SECRET_UNAVAILABLE',
  ],
}

const WAYS = [...RUNBOOKS].flatMap(([heading, blocks]) => blocks.map((lines) => [heading, lines] as const))

describe('docs/key-mistakes.md', () => {
  it('has a runbook for each mistake', () => {
    expect([...RUNBOOKS.keys()]).toEqual(Object.keys(MISTAKES))
    expect(WAYS.length).toBeGreaterThanOrEqual(8)
  })

  it.each(WAYS)('%s: %j brings issuing back', { timeout: 60_000 }, async (heading, lines) => {
    const [mistake, code] = MISTAKES[heading] ?? []
    const { keys: inForce } = await current<SigningKeySecret>(SIGNING_KEY_SECRET)
    for (const { kid, d } of inForce) secret(`private key ${kid}`, d)
    // The local stage's keys are as young as it is: a rotation waits for nothing there but this.
    await ripen()
    await mistake?.()
    expect(await issuing(1_300)).toBe(code)
    for (const line of lines) await shell(line)
    expect(await issuing()).toBe('issues')
    const published = (await current<JwksSecret>(JWKS_SECRET)).keys.map(({ kid }) => kid)
    for (const { kid } of (await current<SigningKeySecret>(SIGNING_KEY_SECRET)).keys)
      expect(published).toContain(kid)
  })
})

/** Says of all published keys that they have been public for an hour, in the version before as well: there none is retired yet. */
const ripen = async () => {
  const { keys } = await current<JwksSecret>(JWKS_SECRET)
  const publishedAt = Math.floor(Date.now() / 1000) - 3_600
  await put(JWKS_SECRET, { keys: keys.map(({ verifyUntil: _, ...key }) => ({ ...key, publishedAt })) })
  await put(JWKS_SECRET, { keys: keys.map((key) => ({ ...key, publishedAt })) })
}
