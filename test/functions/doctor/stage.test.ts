import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { issuerItemKey } from '../../../lib/callers/items.ts'
import type { Diagnosis } from '../../../lib/doctor/doctor.ts'
import { SCOPES } from '../../../lib/schemas/callers.ts'
import { about, ask, causes } from '../../support/doctor-world.ts'
import { startVendorWorld, type VendorWorld } from '../../support/vendor-world.ts'
import { CALLERS_TABLE, callersSecret, contextWith, PREFIX, TENANT } from '../../support/world.ts'

const DAY_MS = 24 * 3_600_000
const CALLERS = `${PREFIX}/callers`
let world: VendorWorld
let provider: Server
let issuer: string
/** What the provider's discovery document says of itself. */
let calledItself: string
beforeAll(async () => {
  world = await startVendorWorld()
  provider = createServer((request, response) => {
    const isKeys = request.url === '/keys'
    response.end(JSON.stringify(isKeys ? { keys: [] } : { issuer: calledItself, jwks_uri: `${issuer}/keys` }))
  }).listen(0, '127.0.0.1')
  await once(provider, 'listening')
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const { prewarmTokens } = await import('../../../functions/prewarm-tokens.ts')
  await prewarmTokens(world.runtime())({}, contextWith(60_000))
})
afterAll(async () => {
  provider.close()
  await world.close()
})

const shop = () => ({ callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: [TENANT] })
const ofProvider = (changes: object = {}) => ({
  ...{ callerId: 'staff', kind: 'user', issuer, audience: 'tokens', tenant: TENANT, scopes: ['chat:relay'] },
  ...changes,
})
const put = (issuers: readonly object[] = []) =>
  world.secretsManager.put(CALLERS, callersSecret([shop()], issuers))
beforeEach(() => {
  calledItself = issuer
  put()
  world.secretsManager.put(`${PREFIX}/jwks`, world.ring.jwks)
})

describe('functions/doctor: the stage', () => {
  it('is well, and its keys and the last run of the schedule are told', async () => {
    const diagnosis = await ask(world, {})
    expect(diagnosis).toEqual({
      findings: [],
      keys: world.ring.jwks.keys.map(({ kid, publishedAt }) => ({ kid, publishedAt })),
      sweptAt: expect.any(Number),
    })
  })

  it('asks the keys of an issuer that stands in the callers table alone, which it is named', async () => {
    const pk = issuerItemKey(issuer)
    const entries = JSON.stringify({ callers: [], issuers: [ofProvider()] })
    await world.dynamoDb.put(CALLERS_TABLE, [{ pk, entries }])
    world.secretsManager.put(CALLERS, { ...callersSecret([shop()]), table: true })
    expect((await ask(world, { issuers: [issuer] })).findings).toEqual([])
    calledItself = `${issuer}/other`
    expect(causes(await ask(world, { issuers: [issuer] }))).toEqual(['stage: ISSUER_MISCONFIGURED'])
    // Unnamed, it is not looked for.
    expect((await ask(world, {})).findings).toEqual([])
  })

  it('has an entry of callers that is left out, and says which', async () => {
    const secret = callersSecret([shop()])
    world.secretsManager.put(CALLERS, { ...secret, callers: [...secret.callers, { callerId: 'a b' }] })
    expect((await ask(world, {})).findings).toEqual([
      {
        system: 'stage',
        cause: 'CALLERS_ENTRY_LEFT_OUT',
        level: 'wrong',
        secret: 'callers',
        field: 'callers.1.callerId',
        expected: 'expected 1 to 64 letters, digits, dots, underscores or hyphens',
      },
    ])
  })

  it('has nobody who may call, or a list that is none', async () => {
    world.secretsManager.put(CALLERS, { callers: [] })
    expect(causes(await ask(world, {}))).toEqual(['stage: CALLERS_NONE'])
    world.secretsManager.put(CALLERS, 'callers')
    expect(causes(await ask(world, {}))).toEqual(['stage: STAGE_SECRET_MALFORMED'])
  })

  it('has an identity provider that cannot be reached, or speaks for another', async () => {
    put([ofProvider()])
    expect(causes(await ask(world, {}))).toEqual([])
    calledItself = 'https://other.example.com'
    const { host } = new URL(issuer)
    expect((await ask(world, {})).findings).toEqual([
      {
        system: 'stage',
        cause: 'ISSUER_MISCONFIGURED',
        level: 'wrong',
        field: 'issuers: staff',
        reason: `${host}: the discovery document is of another issuer`,
      },
    ])
    put([ofProvider({ issuer: 'http://127.0.0.1:9' })])
    expect((await ask(world, {})).findings).toMatchObject([
      { cause: 'ISSUER_UNREACHABLE', field: 'issuers: staff', reason: 'ECONNREFUSED' },
    ])
  })

  it('has no keys, or keys that have not been rotated for long', async () => {
    const later = new Date(Date.now() + 33 * DAY_MS)
    expect(causes(await ask(world, {}, { now: () => later }))).toEqual([
      'stage: KEYS_OLD',
      'stage: PREWARM_LATE',
    ])
    world.secretsManager.put(`${PREFIX}/jwks`, { keys: [] })
    expect(causes(await ask(world, {}))).toEqual(['stage: KEYS_ABSENT'])
  })

  it('has a schedule that runs in more shares than have ever run', async () => {
    const env = { ...process.env, PREWARM_SHARES: '3' }
    expect(causes(await ask(world, {}, { env }))).toEqual(['stage: PREWARM_NEVER'])
  })

  it('has a table that does not answer', async () => {
    world.dynamoDb.fail({ kind: 'error' })
    const diagnosis = await ask(world, {})
    world.dynamoDb.clearFaults()
    expect(causes(diagnosis)).toEqual(['stage: TABLE_UNREADABLE'])
  })
})

describe('functions/doctor: the id of a user', () => {
  const of = (userId: string, env = {}): Promise<Diagnosis> =>
    ask(world, { ...about('cec', 'live', 'live-im'), userId }, { env: { ...process.env, ...env } })

  it('fits, does not fit a vendor’s pattern, or is too long for a chat', async () => {
    expect(causes(await of('tom_1'))).toEqual([])
    expect((await of('Tom.Smith-and-some-more-of-it')).findings).toMatchObject([
      {
        system: 'cec',
        cause: 'USER_ID_PATTERN',
        expected: 'expected 1 to 24 characters of a user who may chat',
      },
      { system: 'live', cause: 'USER_ID_PATTERN', expected: 'expected 1 to 32 of a-z, 0-9, _ and .' },
      { system: 'live-im', cause: 'USER_ID_PATTERN', expected: 'expected 1 to 64 of A-Z, a-z, 0-9 and _' },
    ])
  })

  it('is one that the stage refuses', async () => {
    expect(causes(await of('tom_1', { USER_ID_CHARACTERS: '0-9' }))).toEqual(['stage: USER_ID_PATTERN'])
  })

  it('is derived where the settings say so, and then fits', async () => {
    for (const system of ['live', 'live-im'] as const) world.putSettings(system, { userId: 'sha256-32' })
    expect(causes(await of('张三'))).toEqual([])
    for (const system of ['live', 'live-im'] as const) world.putSettings(system)
  })
})

describe('functions/doctor', () => {
  it('says what it was not told: the channel of the tenant’s page', async () => {
    const { channelId: _, ...unnamed } = about('cec')
    expect((await ask(world, unnamed)).findings).toEqual([
      { system: 'cec', tenantSpaceId: TENANT, cause: 'CHANNEL_UNTRIED', level: 'note' },
    ])
    world.vendors.cec.fail({ fault: 'business-failure', times: 1 })
    expect(causes(await ask(world, unnamed))).toEqual(['cec: CHANNEL_UNTRIED'])
  })

  it.each([[{ tenantSpaceId: 'a b' }], [{ systems: ['sap'] }], [{ tenant: TENANT }], ['nothing']])(
    'refuses the question %j',
    async (question) => {
      await expect(ask(world, question as object)).rejects.toMatchObject({ code: 'EVENT_INVALID' })
    },
  )

  it('writes one line for a question, with the number of what is wrong', async () => {
    await ask(world, { ...about('cec'), tenantSpaceId: 'T-0' })
    expect(world.lines.findLast(({ code }) => code === 'DOCTOR_DONE')).toMatchObject({
      function: 'doctor',
      tenantSpaceId: 'T-0',
      found: 1,
      audit: true,
    })
  })
})
