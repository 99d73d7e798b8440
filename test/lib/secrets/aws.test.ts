import { randomBytes } from 'node:crypto'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { awsSecretList, awsSecretSource } from '../../../lib/secrets/aws.ts'
import type { ListedSecret } from '../../../lib/secrets/source.ts'
import {
  type SecretsManagerEmulator,
  startSecretsManager,
} from '../../../tools/local/secrets-manager/server.ts'
import { secret } from '../../support/canary.ts'

const PREFIX = 'cec-token-bridge/test/tenants/'
const BEGAN = Date.UTC(2026, 8, 21)

let at: number
let secretsManager: SecretsManagerEmulator
const value = () => ({ appSecret: secret('app secret', randomBytes(20).toString('hex')) })

beforeAll(async () => {
  at = BEGAN
  secretsManager = await startSecretsManager({ now: () => new Date(at) })
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: secret('AWS secret key', randomBytes(20).toString('hex')),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  })
  for (let tenant = 100; tenant < 350; tenant++) secretsManager.put(`${PREFIX}${tenant}/cec`, value())
  for (const name of [
    'cec-token-bridge/test/callers',
    'cec-token-bridge/test2/tenants/100/cec',
    'CEC-token-bridge/test/tenants/100/cec',
    'other/cec-token-bridge/test/tenants/100/cec',
  ])
    secretsManager.put(name, value())
})
afterAll(() => secretsManager.close())
beforeEach(() => {
  secretsManager.clearFaults()
  secretsManager.resetCalls()
})

const pages = async (prefix = PREFIX, from?: string): Promise<(readonly ListedSecret[])[]> => {
  const all = []
  for await (const { secrets } of awsSecretList()(prefix, from)) all.push(secrets)
  return all
}
const names = async (prefix?: string) => (await pages(prefix)).flat().map(({ name }) => name)

describe('awsSecretList', () => {
  it('gives all secrets of the prefix and no other, a hundred a request', async () => {
    const found = await pages()
    expect(found.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(new Set(found.flat().map(({ name }) => name))).toEqual(
      new Set(Array.from({ length: 250 }, (_, n) => `${PREFIX}${n + 100}/cec`)),
    )
    expect(secretsManager.calls('ListSecrets')).toBe(3)
  })

  it('begins with the page whose mark an earlier list has given', async () => {
    const marks: (string | undefined)[] = []
    for await (const { next } of awsSecretList()(PREFIX)) marks.push(next)
    const all = (await pages()).map((page) => page.map(({ name }) => name))
    const rest = (await pages(PREFIX, marks[0])).map((page) => page.map(({ name }) => name))
    expect(rest).toEqual(all.slice(1))
    expect(marks.at(-1)).toBeUndefined()
  })

  it('throws for a mark that Secrets Manager does not know', async () => {
    await expect(pages(PREFIX, 'no mark')).rejects.toMatchObject({
      failure: 'final',
      reason: 'InvalidNextTokenException',
    })
  })

  it('reads no value', async () => {
    const [page] = await pages()
    expect(Object.keys(page?.[0] ?? {})).toEqual(['name', 'changedAt'])
    expect(secretsManager.calls('GetSecretValue')).toBe(0)
  })

  it('finds nothing where nothing is', async () => {
    expect(await names('cec-token-bridge/prod/tenants/')).toEqual([])
    expect(await names('cec-token-bridge/test2/')).toEqual(['cec-token-bridge/test2/tenants/100/cec'])
  })

  it('takes the prefix by its letters’ case, whatever Secrets Manager’s filter does', async () => {
    const Name = 'CEC-token-bridge/test/tenants/100/cec'
    const body = JSON.stringify({ SecretList: [{ Name }, { Name: `${PREFIX}100/cec` }] })
    secretsManager.fail({ kind: 'reply', status: 200, body, contentType: 'application/x-amz-json-1.1' })
    expect(await names()).toEqual([`${PREFIX}100/cec`])
  })

  it('says when each was changed last, its making included', async () => {
    at = BEGAN + 3_600_000
    secretsManager.put(`${PREFIX}100/cec`, value())
    const all = new Map((await pages()).flat().map(({ name, changedAt }) => [name, changedAt]))
    expect(all.get(`${PREFIX}100/cec`)).toBe(BEGAN + 3_600_000)
    expect(all.get(`${PREFIX}101/cec`)).toBe(BEGAN)
  })

  it('takes a secret without any date for one that has just changed', async () => {
    const CreatedDate = BEGAN / 1000
    const list = [{ Name: `${PREFIX}a/cec` }, { Name: `${PREFIX}b/cec`, CreatedDate }, {}]
    const body = JSON.stringify({ SecretList: list })
    secretsManager.fail({ kind: 'reply', status: 200, body, contentType: 'application/x-amz-json-1.1' })
    expect((await pages()).flat()).toEqual([
      { name: `${PREFIX}a/cec`, changedAt: Number.POSITIVE_INFINITY },
      { name: `${PREFIX}b/cec`, changedAt: BEGAN },
    ])
  })

  it('takes an answer without a list for an empty one', async () => {
    secretsManager.fail({
      kind: 'reply',
      status: 200,
      body: '{}',
      contentType: 'application/x-amz-json-1.1',
    })
    expect(await pages()).toEqual([[]])
  })

  it.each([
    ['ThrottlingException', 400, 'transient'],
    ['InternalServiceError', 500, 'transient'],
    ['AccessDeniedException', 400, 'final'],
    ['InvalidParameterException', 400, 'final'],
    ['DecryptionFailure', 500, 'kms'],
  ])('throws %s (%i) as a %s failure, after its own tries', async (type, status, failure) => {
    secretsManager.fail({ kind: 'error', status, type, times: 5 })
    await expect(names()).rejects.toMatchObject({ name: 'SecretSourceError', failure, reason: type })
  })

  it('throws when a later page fails: a part is not taken for the whole', async () => {
    let asked = 0
    const isSecond = () => {
      asked += 1
      return asked > 1
    }
    const denied = { kind: 'error', status: 400, type: 'AccessDeniedException' } as const
    secretsManager.fail({ ...denied, when: isSecond, times: 5 })
    const seen: (readonly ListedSecret[])[] = []
    const reading = async () => {
      for await (const { secrets } of awsSecretList()(PREFIX)) seen.push(secrets)
    }
    await expect(reading()).rejects.toMatchObject({ failure: 'final', reason: 'AccessDeniedException' })
    expect(seen.map(({ length }) => length)).toEqual([100])
  })

  it('gets over one request that is lost', async () => {
    secretsManager.fail({ kind: 'reset', times: 1 })
    expect(await names()).toHaveLength(250)
  })
})

describe('lib/secrets/aws: awsSecretSource', () => {
  /** A client whose calls all end so, as they do without an answer of the service. */
  const failing = (error: Error): SecretsManagerClient => {
    const client = new SecretsManagerClient({ region: 'eu-west-1' })
    client.send = async () => {
      throw error
    }
    return client
  }

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETDOWN', 'EHOSTDOWN', 'CERT_HAS_EXPIRED'])(
    'takes %s, which is no answer of the service, for a transient failure',
    async (code) => {
      const error = Object.assign(new Error('no answer'), { code })
      await expect(awsSecretSource(failing(error)).read('a/secret', 'AWSCURRENT')).rejects.toMatchObject({
        failure: 'transient',
      })
    },
  )

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'InvalidRequestException'])(
    'takes the service’s %s for a final one',
    async (name) => {
      const error = Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: 400 } })
      await expect(awsSecretSource(failing(error)).read('a/secret', 'AWSCURRENT')).rejects.toMatchObject({
        failure: 'final',
        reason: name,
      })
    },
  )
  /** What the service answers to a read of a secret, by name and message. */
  const answers = (name: string, message: string, status = 400) =>
    awsSecretSource(
      failing(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })),
    ).read('a/secret', 'AWSCURRENT')

  it.each([
    ['AccessDeniedException', 'Access to KMS is not allowed'],
    ['AccessDeniedException', 'User: u is not authorized to perform: kms:Decrypt on resource: r'],
    [
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that you are not allowed to access.',
    ],
    ['InvalidRequestException', 'arn:aws-cn:kms:cn-north-1:111122223333:key/1234 is disabled.'],
    ['InvalidRequestException', 'arn:aws:kms:eu-west-1:111122223333:key/1234 is pending deletion.'],
    ['InvalidRequestException', 'a secret of another account under the default KMS service key'],
    ['DecryptionFailure', ''],
    ['KMSDisabledException', ''],
    ['KMSInvalidStateException', ''],
  ])('tells %s "%s" apart as KMS’s, and passes no message on', async (name, message) => {
    const error = await answers(name, message).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: 'kms', reason: name, message: `${name} (kms)` })
  })

  it.each([
    [
      'AccessDeniedException',
      'User: role/kms-reader is not authorized to perform: secretsmanager:GetSecretValue',
      'final',
    ],
    [
      'AccessDeniedException',
      'not authorized to perform: secretsmanager:GetSecretValue on resource: a/KMS-key',
      'final',
    ],
    ['InvalidRequestException', 'the secret was marked for deletion', 'final'],
    ['ThrottlingException', 'kms:Decrypt rate exceeded', 'transient'],
  ])('takes %s "%s" for what it is without KMS', async (name, message, failure) => {
    await expect(answers(name, message)).rejects.toMatchObject({ failure, reason: name })
  })

  it.each([
    ['UnknownError', 403],
    ['SyntaxError', 200],
    ['ForbiddenNotFound', 404],
    ['AccessDeniedByProxy', 407],
    ['DecryptionFailureByProxy', 400],
    ['RequestTimeoutException', 400],
    ['RequestExpired', 400],
    ['ExpiredTokenException', 400],
    ['ThrottlingException', 400],
    ['InternalServiceError', 500],
  ])(
    'takes %s with status %i, which says nothing of the secret, for a transient failure',
    async (name, status) => {
      const error = Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } })
      await expect(awsSecretSource(failing(error)).read('a/secret', 'AWSCURRENT')).rejects.toMatchObject({
        failure: 'transient',
        reason: name,
      })
    },
  )
})
