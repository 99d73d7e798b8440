import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { userItem } from '../../../lib/directory/items.ts'
import type { HttpEvent } from '../../../lib/http/exchange.ts'
import type { HttpHandler } from '../../../lib/http/handler.ts'
import { primed } from '../../../lib/priming/primed.ts'
import { byAnybody, enterpriseTokenOfNobody } from '../../../lib/priming/requests.ts'
import { PUBLISH_KEYS, VALIDATE_ENTERPRISE_TOKEN } from '../../../lib/routes.ts'
import { lengthPrefixed } from '../../../lib/schemas/length-prefixed.ts'
import type { Runtime } from '../../../lib/start/runtime.ts'
import { DESCRIPTORS } from '../../support/descriptors.ts'
import { startWorld, TABLE, TOKENS_TABLE, type World } from '../../support/world.ts'
import { GOLDEN } from '../../template/golden.ts'

const IN_LAMBDA = { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' }
/** What holds a user to the stage's own rules for ids. */
const BY_USER_ID = ['applyToken', 'issueAccessToken', 'issueEnterpriseToken']
/** What reads an item of its system in the tokens' table. */
const WITH_TOKENS = DESCRIPTORS.filter(
  ({ settings, tenantSecrets }) => settings.includes('TOKENS_TABLE') && tenantSecrets !== undefined,
).map(({ name }) => name)

let world: World
let jwks: (runtime: Runtime) => HttpHandler
let validateEnterpriseToken: (runtime: Runtime) => HttpHandler
beforeAll(async () => {
  world = await startWorld()
  ;({ jwks } = await import('../../../functions/jwks.ts'))
  ;({ validateEnterpriseToken } = await import('../../../functions/validate-enterprise-token.ts'))
})
afterAll(() => world.close())
beforeEach(() => {
  world.lines.length = 0
  world.dynamoDb.resetCalls()
  world.secretsManager.resetCalls()
})
afterEach(() => {
  vi.restoreAllMocks()
  world.secretsManager.clearFaults()
})

const inLambda = (settings: Record<string, string> = {}): Runtime =>
  world.runtime({ env: { ...process.env, ...IN_LAMBDA, ...settings } })

/** Starts a function as its sandbox does. Gives what it has printed. */
const started = async (name: string, settings: Record<string, string> = {}): Promise<string[]> => {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  for (const [name, value] of Object.entries({ ...IN_LAMBDA, ...settings })) vi.stubEnv(name, value)
  vi.resetModules()
  try {
    const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    await import(`../../../functions/${file}.ts`)
  } finally {
    vi.unstubAllEnvs()
  }
  return printed
}

describe('lib/priming under every setting', () => {
  it.each(
    BY_USER_ID.flatMap((name) => [
      [name, 'USER_ID_CHARACTERS', '0-9'],
      [name, 'USER_ID_MAX_LENGTH', '4'],
      [name, 'DIRECTORY', 'on-issue'],
      [name, 'ISSUER', `https://tokens.example/${'x'.repeat(177)}`],
    ]),
  )('%s asks the directory where %s is %s', async (name, setting, value) => {
    expect(await started(name as string, { [setting as string]: value as string })).toEqual([])
    expect(world.dynamoDb.calls('BatchGetItem')).toBe(1)
    expect(world.dynamoDb.calls('UpdateItem')).toBe(0)
  })

  it.each(['issueAccessToken', 'issueEnterpriseToken'])(
    '%s counts no user, whatever tenants are called',
    async (name) => {
      const nobody = { userId: 'nobody', userName: 'nobody', status: 'active', epoch: 0 } as const
      await world.dynamoDb.put(TABLE, [userItem({ tenantSpaceId: 'nowhere', ...nobody })])
      world.dynamoDb.resetCalls()
      expect(await started(name)).toEqual([])
      expect([world.dynamoDb.calls('BatchGetItem'), world.dynamoDb.calls('UpdateItem')]).toEqual([1, 0])
    },
  )

  it.each(WITH_TOKENS)('%s reads an item that its role may read', async (name) => {
    const send = vi.spyOn(DynamoDBDocumentClient.prototype, 'send')
    await started(name)
    const read = send.mock.calls.flatMap(([command]) =>
      command instanceof GetCommand && command.input.TableName === TOKENS_TABLE ? [command.input.Key] : [],
    )
    expect(read).toHaveLength(1)
    const may = ['cec', 'oiap', 'oiap-third-party', 'live'].filter((system) =>
      GOLDEN[name]?.includes(`dynamodb:GetItem on items of ${system}`),
    )
    expect(may.filter((system) => read[0]?.['pk'].startsWith(lengthPrefixed(system)))).toHaveLength(1)
  })

  it('a start ends with the reads of its secrets: what it hands over has them', async () => {
    world.secretsManager.fail({ kind: 'delay', ms: 300 })
    const handler = await primed(jwks, byAnybody(PUBLISH_KEYS), inLambda())
    const context = { getRemainingTimeInMillis: () => 600 }
    expect((await handler({} as HttpEvent, context as never)).statusCode).toBe(200)
    expect(world.secretsManager.calls()).toBe(1)
    expect(world.lines.map(({ code }) => code)).toEqual(['JWKS_SERVED'])
  })

  it('a secret that does not come costs no more than the rest', async () => {
    world.secretsManager.fail({ kind: 'hang' })
    const startedAt = performance.now()
    await primed(jwks, byAnybody(PUBLISH_KEYS), inLambda())
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect(world.lines).toMatchObject([{ code: 'PRIMING_FAILED', reason: 'DEADLINE_EXCEEDED' }])
  })

  it.each([
    ['ERROR', ['PRIMING_FAILED']],
    ['WARN', ['PRIMING_FAILED']],
  ])(
    'a part that fails at once leaves the others their time, and is told at level %s: %j',
    async (LOG_LEVEL, codes) => {
      const requests = {
        ...enterpriseTokenOfNobody(VALIDATE_ENTERPRISE_TOKEN),
        alsoRead: () => Promise.reject(new Error()),
      }
      await primed(validateEnterpriseToken, requests, inLambda({ LOG_LEVEL }))
      expect(world.dynamoDb.calls('BatchGetItem')).toBe(1)
      expect(world.lines.map(({ code }) => code)).toEqual(codes)
    },
  )
})
