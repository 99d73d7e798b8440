import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { REFRESHED_VENDORS, type RefreshedSystem, VENDORS } from '../../lib/vendors/registry.ts'
import { leaksIn } from '../support/canary.ts'
import { GOOD_BODIES, startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { call, contextWith, PREFIX, TENANT } from '../support/world.ts'

const OTHER = '202007159032'
/** One of each vendor with a service token, for each of the two tenants. */
const ALL = 2 * REFRESHED_VENDORS.length
const NOTHING = {
  due: 0,
  found: 0,
  refreshed: 0,
  upToDate: 0,
  dropped: 0,
  failed: 0,
  endangered: 0,
  left: 0,
  withoutKey: 0,
  notListed: 0,
  isSweepUnfinished: false,
}

let world: VendorWorld
let at: number
const now = () => new Date(at)

beforeAll(async () => {
  at = Date.now()
  world = await startVendorWorld({ now })
  world.vendors.addTenant(OTHER)
  for (const { system } of VENDORS) world.putSettings(system, {}, OTHER)
})
afterAll(() => world.close())
beforeEach(async () => {
  world.dynamoDb.clearFaults()
  world.secretsManager.clearFaults()
  world.vendors.cec.clearFaults()
  await world.clearTokens()
  for (const { system } of VENDORS) world.putSettings(system)
  resetCalls()
})

const resetCalls = (): void => {
  world.vendors.cec.resetCalls()
  world.vendors.oiap.resetCalls()
  world.secretsManager.resetCalls()
}
/** How often each vendor was asked for a service token. */
const asked = (): Record<RefreshedSystem, number> => ({
  cec: world.vendors.cec.calls('tokenByAkSk'),
  oiap: world.vendors.oiap.calls('getAppCubeToken'),
  'oiap-third-party': world.vendors.oiap.calls('gettoken'),
})
const each = (count: number) => Object.fromEntries(REFRESHED_VENDORS.map(({ system }) => [system, count]))
const fresh = async () => {
  const { prewarmTokens } = await import('../../functions/prewarm-tokens.ts')
  return prewarmTokens(world.runtime({ now, random: () => 0 }))
}
/** What a run returns, and its own log line. */
const run = async (event: unknown = {}) => {
  const context = contextWith(60_000)
  const summary = await (await fresh())(event, context)
  const line = world.lines.find(({ requestId }) => requestId === context.awsRequestId)
  return { summary, line }
}

describe('prewarmTokens', () => {
  it('warms every vendor’s token of two tenants, and says so in one line with its metrics', async () => {
    const { summary, line } = await run()
    expect(summary).toEqual({ ...NOTHING, found: ALL, refreshed: ALL })
    expect(asked()).toEqual(each(2))
    expect(line).toMatchObject({
      level: 'INFO',
      code: 'PREWARM_DONE',
      function: 'prewarmTokens',
      stage: 'test',
      ...summary,
      TokensRefreshed: ALL,
      TokensFailed: 0,
      TokensEndangered: 0,
      TokensLeft: 0,
    })
    const stored = (await world.tokenItems()).filter(({ sealed }) => sealed !== undefined)
    expect(stored.map(({ system, tenantSpaceId }) => `${system} ${tenantSpaceId}`).sort()).toEqual(
      REFRESHED_VENDORS.flatMap(({ system }) => [`${system} ${TENANT}`, `${system} ${OTHER}`]).sort(),
    )
    expect(leaksIn(JSON.stringify(stored))).toEqual([])
  })

  it('finds nothing due the second time, and reads no secret of a tenant for that', async () => {
    await run()
    resetCalls()
    expect((await run()).summary).toEqual(NOTHING)
    expect(asked()).toEqual(each(0))
    // the key of the store
    expect([world.secretsManager.calls('GetSecretValue'), world.secretsManager.calls('ListSecrets')]).toEqual(
      [1, 0],
    )
  })

  it('leaves a request of a sandbox that has just started nothing to wait for', async () => {
    await run()
    resetCalls()
    const headers = world.authorization
    const appCubeToken = await world.fresh('appCubeToken', { now })
    const applyToken = await world.fresh('applyToken', { now })
    expect((await call(world, appCubeToken, { headers, body: GOOD_BODIES.appCubeToken })).status).toBe(200)
    expect((await call(world, applyToken, { headers, body: GOOD_BODIES.applyToken })).status).toBe(200)
    expect(asked()).toEqual(each(0))
  })

  it('renews what is due before any request would', async () => {
    await run()
    // CEC's tokens live 600 s, OIAP's 3600 s
    at += 347_000
    expect((await run()).summary).toEqual(NOTHING)
    at += 1_000
    expect((await run()).summary).toEqual({ ...NOTHING, due: 2, refreshed: 2 })
    expect(asked()).toEqual({ ...each(2), cec: 4 })
  })

  it('shares the work with another run that comes at the same time', async () => {
    const both = await Promise.all([run(), run()])
    const found = both.map(({ summary }) => summary.found).sort()
    expect(found).toEqual([0, ALL])
    expect(asked()).toEqual(each(2))
    at += 372_000
    const again = await Promise.all([run(), run()])
    expect(again.reduce((sum, { summary }) => sum + summary.refreshed, 0)).toBe(2)
    expect(asked()).toEqual({ ...each(2), cec: 4 })
  })

  it('warms a tenant’s new credentials within the hour', async () => {
    await run()
    world.vendors.changeSecret(TENANT, 'oiap')
    world.putSettings('oiap')
    at += 3_600_000
    const { summary } = await run()
    expect([summary.failed, summary.left]).toEqual([0, 0])
    resetCalls()
    const appCubeToken = await world.fresh('appCubeToken', { now })
    const parts = { headers: world.authorization, body: GOOD_BODIES.appCubeToken }
    expect((await call(world, appCubeToken, parts)).status).toBe(200)
    expect(asked()).toEqual(each(0))
  })

  it('keeps nothing fresh where the settings say never', async () => {
    for (const tenant of [TENANT, OTHER])
      for (const { system } of REFRESHED_VENDORS) world.putSettings(system, { warm: 'never' }, tenant)
    expect((await run()).summary).toEqual({ ...NOTHING, found: ALL, dropped: ALL })
    expect(asked()).toEqual(each(0))
    for (const { system } of VENDORS) world.putSettings(system, {}, OTHER)
  })

  describe('of a tenant that has left', () => {
    const LEAVING = '202007159033'
    const leave = async (how: { ForceDeleteWithoutRecovery?: boolean; RecoveryWindowInDays?: number }) => {
      world.vendors.addTenant(LEAVING)
      world.putSettings('oiap', {}, LEAVING)
      await run()
      const SecretId = `${PREFIX}/tenants/${LEAVING}/oiap`
      await new SecretsManagerClient().send(new DeleteSecretCommand({ SecretId, ...how }))
      at += 3_300_000
      const { summary } = await run()
      const left = (await world.tokenItems()).filter(({ tenantSpaceId }) => tenantSpaceId === LEAVING)
      return [summary.dropped, summary.failed, left]
    }

    it('keeps the token of a tenant whose settings KMS does not decrypt, and says so', async () => {
      world.vendors.addTenant(LEAVING)
      world.putSettings('oiap', {}, LEAVING)
      await run()
      const name = `${PREFIX}/tenants/${LEAVING}/oiap`
      world.secretsManager.encrypt(name, 'arn:aws:kms:eu-west-1:111122223333:key/1', 'denied')
      at += 3_300_000
      const { summary } = await run()
      expect([summary.dropped, summary.failed]).toEqual([0, 1])
      expect(world.lines.findLast(({ code }) => code === 'WARM_UP_FAILED')).toMatchObject({
        tenantSpaceId: LEAVING,
        reason: 'TENANT_KMS_REFUSED',
      })
      const left = (await world.tokenItems()).filter(({ tenantSpaceId }) => tenantSpaceId === LEAVING)
      expect(left).toHaveLength(1)
      world.secretsManager.encrypt(name, 'arn:aws:kms:eu-west-1:111122223333:key/1')
    })

    it('deletes the token, once its secret is gone', async () => {
      expect(await leave({ ForceDeleteWithoutRecovery: true })).toEqual([1, 0, []])
    })

    it('deletes the token, once its secret is marked for deletion', async () => {
      expect(await leave({ RecoveryWindowInDays: 7 })).toEqual([1, 0, []])
    })
  })

  it('counts a vendor’s failure, names the tenant, and warms all others', async () => {
    world.vendors.cec.fail({ fault: 'throttled', call: 'tokenByAkSk' })
    const { summary, line } = await run()
    expect(summary).toEqual({ ...NOTHING, found: ALL, refreshed: ALL - 1, failed: 1 })
    expect(line).toMatchObject({ code: 'PREWARM_DONE', TokensFailed: 1 })
    expect(world.lines.findLast(({ code }) => code === 'WARM_UP_FAILED')).toMatchObject({
      level: 'WARN',
      system: 'cec',
      tenantSpaceId: expect.stringMatching(/^20200715903[12]$/),
      reason: 'UPSTREAM_THROTTLED',
      upstreamStatus: 429,
    })
    at += 60_000
    expect((await run()).summary).toEqual({ ...NOTHING, due: 1, refreshed: 1 })
  })

  it.each([
    ['a schedule’s event', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
    ['none at all', undefined],
    ['any text', 'now'],
  ])('is begun by %s alike', async (_, event) => {
    expect((await run(event)).summary).toMatchObject({ found: ALL, refreshed: ALL })
  })

  it('fails while the table is down, and asks no vendor', async () => {
    world.dynamoDb.fail({ kind: 'error' })
    const context = contextWith(60_000)
    await expect((await fresh())({}, context)).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(asked()).toEqual(each(0))
    expect(world.lines.find(({ requestId }) => requestId === context.awsRequestId)).toMatchObject({
      level: 'ERROR',
      code: 'TOKEN_STORE_UNAVAILABLE',
      TokenStoreUnavailable: 1,
    })
    world.dynamoDb.clearFaults()
    expect((await run()).summary).toMatchObject({ refreshed: ALL })
  })
})
