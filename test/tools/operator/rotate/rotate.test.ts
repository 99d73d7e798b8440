import { SecretsManagerClient, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dynamoDirectory } from '../../../../lib/directory/dynamodb.ts'
import type { JwksSecret, SigningKeySecret } from '../../../../lib/schemas/key-secrets.ts'
import { awsSecretSource } from '../../../../lib/secrets/aws.ts'
import { enterLocalAwsEnvironment } from '../../../../tools/local/aws-environment.ts'
import { JWKS_SECRET, LOCAL_DIRECTORY_TABLE, SIGNING_KEY_SECRET } from '../../../../tools/local/constants.ts'
import { type Stack, startStack } from '../../../../tools/local/stack.ts'
import { operate } from '../../../../tools/operator/operator.ts'
import { parseArguments } from '../../../../tools/operator/rotate/arguments.ts'
import { type OpenStage, openStage } from '../../../../tools/operator/rotate/stage.ts'
import { rotate } from '../../../../tools/operator/rotate.ts'
import { secret } from '../../../support/canary.ts'
import { directoryResources } from '../../../support/world.ts'

let stack: Stack
let stage: OpenStage
let said: string[]

beforeAll(() => {
  // The rotation function logs to this process's output, as under npm start.
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterAll(() => vi.restoreAllMocks())
beforeEach(async () => {
  said = []
  enterLocalAwsEnvironment('eu-west-1')
  stack = await startStack({ resources: directoryResources(LOCAL_DIRECTORY_TABLE), region: 'eu-west-1' })
  Object.assign(process.env, stack.endpoints)
  for (const { d, kid } of (JSON.parse(stack.secrets[SIGNING_KEY_SECRET] ?? '') as SigningKeySecret).keys) {
    secret(`private key ${kid}`, d)
  }
  stage = { ...openStage('local', undefined), patience: { periodMs: 20, mostMs: 5_000 } }
  return async () => {
    stage.close()
    await stack.close()
  }
})

const run = (...args: string[]) => rotate(parseArguments(args), stage, (line) => said.push(line))
const output = () => said.join('\n')
const read = async <T>(name: string) =>
  JSON.parse((await awsSecretSource().read(name, 'AWSCURRENT')).value) as T
const ring = async () => (await read<SigningKeySecret>(SIGNING_KEY_SECRET)).keys.map(({ kid }) => kid)
const published = async () => (await read<JwksSecret>(JWKS_SECRET)).keys
const publishedKids = async () => (await published()).map(({ kid }) => kid)
const isRevoked = async (kid = '') =>
  (
    await dynamoDirectory({ table: LOCAL_DIRECTORY_TABLE, random: () => 0 }).revokedKeys([kid], {
      remainingMs: () => 5_000,
    })
  ).has(kid)
const pendingElsewhere = async () =>
  Object.values(await stage.versions()).some(
    (held) => held.includes('AWSPENDING') && !held.includes('AWSCURRENT'),
  )

describe('npm run rotate', () => {
  it('prints the keys afterwards as JSON for scripts, and nothing else', async () => {
    const [active, next] = await ring()
    const lines: string[] = []
    const code = await operate(['rotate', '--json'], {
      say: (line) => lines.push(line),
      complain: (line) => lines.push(line),
    })
    const { stage: name, keys } = JSON.parse(lines.join('\n'))
    expect([code, name]).toEqual([0, 'local'])
    expect(keys).toEqual([
      { kid: active, state: 'retired', publishedAt: expect.any(String), verifyUntil: expect.any(String) },
      { kid: next, state: 'signs', publishedAt: expect.any(String) },
      { kid: (await ring())[1], state: 'next', publishedAt: expect.any(String) },
    ])
  })

  it('shows the keys, each step, and the keys afterwards', async () => {
    const [active, next] = await ring()
    await run()
    const [newActive, newNext] = await ring()
    expect(newActive).toBe(next)
    expect(output()).toMatch(
      new RegExp(
        [
          '^Stage local \\(AWS_ENDPOINT_URL_… of this shell\\):',
          `  ${active}  public since \\S+Z  signs`,
          `  ${next}  public since \\S+Z  next`,
          '',
          'Rotating:',
          '  begun: version [0-9a-f-]{36}',
          `  published: ${newNext}`,
          '  in force: version [0-9a-f-]{36}',
          '',
          'Done. .*',
          `  ${active}  public since \\S+Z  retired, verifies until \\S+Z`,
          `  ${next}  public since \\S+Z  signs`,
          `  ${newNext}  public since \\S+Z  next$`,
        ].join('\n'),
      ),
    )
  })

  it('refuses a second one too early, says when, and begins nothing', async () => {
    await run()
    const before = await ring()
    await expect(run()).rejects.toThrow(/^Too early: .* 1510 s .*Run this again after \S+Z;/)
    expect(await ring()).toEqual(before)
    expect(await pendingElsewhere()).toBe(false)
  })

  it('says where to look when a rotation does not come to its end, and how to begin anew, which works', async () => {
    const [, next] = await ring()
    stage = { ...stage, patience: { periodMs: 20, mostMs: 200 } }
    const { AWS_ENDPOINT_URL_DYNAMODB: endpoint = '' } = process.env
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = 'http://127.0.0.1:9'
    stack.endpoints.AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:9'
    await expect(run()).rejects.toThrow(
      /not come to its end in 0.2 s.*Nothing is lost.*npm run rotate -- --begin-anew$/s,
    )
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = endpoint
    await expect(run()).rejects.toThrow(/^A rotation has not finished .* add --begin-anew\.$/)
    expect(next).toBe((await ring())[1])
  })

  it('gives up a rotation that has not finished when told to begin anew', async () => {
    const [, next] = await ring()
    stack.startRotation(SIGNING_KEY_SECRET)
    await expect(run()).rejects.toThrow(/^A rotation has not finished/)
    await run('--begin-anew')
    expect((await ring())[0]).toBe(next)
    expect(output()).toContain('Given up: the rotation that had not finished')
  })

  it('lets AWS say that another has just begun', async () => {
    const client = new SecretsManagerClient({})
    const blocked = { ...stage, versions: async () => ({}) }
    const versionId = stack.startRotation(SIGNING_KEY_SECRET)
    await expect(rotate(parseArguments([]), blocked, () => undefined)).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: SIGNING_KEY_SECRET,
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: versionId,
      }),
    )
    client.destroy()
  })
})

describe('npm run rotate -- --compromised', () => {
  it('drops nothing without a key id, and shows the commands that would', async () => {
    const [active, next] = await ring()
    await expect(run('--compromised')).rejects.toThrow(
      `npm run rotate -- --compromised ${active}\nBoth, when somebody may have read the secret itself:\n` +
        `  npm run rotate -- --compromised ${active} ${next}`,
    )
    expect(await ring()).toEqual([active, next])
    expect([await isRevoked(active), await isRevoked(next)]).toEqual([false, false])
  })

  it('drops the key that signs at once, and the next one goes on', async () => {
    const [active, next] = await ring()
    await run('--compromised', active ?? '')
    expect((await ring())[0]).toBe(next)
    expect(await publishedKids()).toEqual(await ring())
    expect([await isRevoked(active), await isRevoked(next)]).toEqual([true, false])
    expect(output()).toMatch(new RegExp(`Dropped: ${active}.*published no more: ${active}`, 's'))
    expect(output()).not.toContain('is young')
  })

  it('goes on with a next key that is still young, and says what that costs', async () => {
    await run()
    const [active, next] = await ring()
    await run('--compromised', active ?? '')
    expect((await ring())[0]).toBe(next)
    expect(output()).toContain('its tokens may be refused for up to 300 s')
  })

  it('does nothing more when run again, not to the new key either', async () => {
    const [active] = await ring()
    await run('--compromised', active ?? '')
    const after = await ring()
    said = []
    await run('--compromised', active ?? '')
    expect(await ring()).toEqual(after)
    expect(output()).toContain('there is nothing left to do')
    for (const kid of after) expect(await isRevoked(kid)).toBe(false)
  })

  it('goes on from where a run was interrupted', async () => {
    const [active, next] = await ring()
    await stage.directory.revokeKey(active ?? '', { remainingMs: () => 5_000 })
    stack.startRotation(SIGNING_KEY_SECRET)
    await run('--compromised', active ?? '')
    expect((await ring())[0]).toBe(next)
  })

  it('drops both keys when both are named', async () => {
    const before = await ring()
    await run('--compromised', ...before)
    const after = await ring()
    for (const kid of before) expect(after).not.toContain(kid)
    expect(await publishedKids()).toEqual(after)
    expect(output()).toContain('its tokens may be refused for up to 300 s')
  })

  it('drops a retired key without touching the others', async () => {
    const [retired] = await ring()
    await run()
    const before = await ring()
    await run('--compromised', retired ?? '')
    expect(await ring()).toEqual(before)
    expect(await publishedKids()).toEqual(before)
  })

  it('refuses a key id that nobody has, and drops none of those beside it', async () => {
    const [active] = await ring()
    const unknown = 'A'.repeat(43)
    await expect(run('--compromised', active ?? '', unknown)).rejects.toThrow(
      `No such key: ${unknown}. Nothing was done.`,
    )
    expect(await isRevoked(active)).toBe(false)
  })
})
