import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamoDirectory } from '../../lib/directory/dynamodb.ts'
import { tenantKey } from '../../lib/directory/items.ts'
import type { PrivateJwk } from '../../lib/schemas/key-secrets.ts'
import { firstKeyRing } from '../../lib/signing-keys/key-ring.ts'
import { secret } from '../support/canary.ts'
import { claims, header, mint, privateKeyOf } from '../support/mint.ts'
import {
  as,
  halfASecond,
  handlers,
  issue,
  key,
  newValidate,
  put,
  revoke,
  startShuttingOut,
  verdict,
  world,
} from '../support/shutting-out-world.ts'
import { call, callersSecret, newCallerKey, TABLE, TENANT, USER } from '../support/world.ts'

beforeAll(startShuttingOut)
afterAll(() => world.close())

describe('POST /enterprise-tokens/revocations', () => {
  it('ends all tokens of a user within half a second of a validation elsewhere, and none that is issued later', async () => {
    await put({ userId: 'ann' })
    const { token: before } = await issue('ann')
    const [here, elsewhere] = [newValidate(), newValidate()]
    expect(await verdict(elsewhere, before, 'ann')).toBe('TOKEN_VALID')
    const { status, body, line } = await revoke({ userId: 'ann' })
    expect([status, body]).toEqual([200, { revoked: true, inForceWithinSeconds: 1 }])
    expect(line).toMatchObject({ code: 'TOKENS_REVOKED', callerId: 'operator', tenantSpaceId: TENANT })
    const { token: after } = await issue('ann')
    expect(await verdict(here, before, 'ann')).toBe('TOKEN_REVOKED')
    await halfASecond()
    expect(await verdict(elsewhere, before, 'ann')).toBe('TOKEN_REVOKED')
    expect(await verdict(elsewhere, after, 'ann')).toBe('TOKEN_VALID')
  })

  it('takes a token that is issued after it at once, also where the epoch of before is remembered', async () => {
    await put({ userId: 'eve' })
    const { token: before } = await issue('eve')
    const validate = newValidate()
    for (const revoked of [{ userId: 'eve' }, { all: true }]) {
      expect(await verdict(validate, before, 'eve')).toMatch(/^TOKEN_(VALID|REVOKED)$/)
      await revoke(revoked)
      const { token: after } = await issue('eve')
      expect(await verdict(validate, after, 'eve')).toBe('TOKEN_VALID')
    }
    await halfASecond()
    expect(await verdict(validate, before, 'eve')).toBe('TOKEN_REVOKED')
  })

  it('needs no clock: it ends tokens for sandboxes that are 5 s ahead or behind alike', async () => {
    await put({ userId: 'clock' })
    const { token } = await issue('clock')
    await revoke({ userId: 'clock' })
    for (const seconds of [-5, 5]) {
      const validate = newValidate(() => new Date(Date.now() + seconds * 1000))
      expect(await verdict(validate, token, 'clock')).toBe('TOKEN_REVOKED')
    }
  })

  it('ends one token by its jti, and leaves the user another', async () => {
    await put({ userId: 'bob' })
    const [one, two] = [await issue('bob'), await issue('bob')]
    const { line } = await revoke({ jti: one.jti })
    expect(line.jti).toBe(one.jti)
    expect(await verdict(newValidate(), one.token, 'bob')).toBe('TOKEN_REVOKED')
    expect(await verdict(newValidate(), two.token, 'bob')).toBe('TOKEN_VALID')
  })

  it('ends every token of a tenant, also one that has no item yet', async () => {
    await put({ userId: 'carl' })
    const { token } = await issue('carl')
    expect((await revoke({ all: true })).status).toBe(200)
    expect(await verdict(newValidate(), token, 'carl')).toBe('TOKEN_REVOKED')
    const { token: after } = await issue('carl')
    expect(await verdict(newValidate(), after, 'carl')).toBe('TOKEN_VALID')
    await world.dynamoDb.put(TABLE, [{ pk: tenantKey(TENANT), epoch: 0 }])
  })

  it.each([
    ['nobody of the tenant', { userId: 'nobody' }, 404, 'USER_UNKNOWN'],
    ['two subjects', { userId: 'ann', all: true }, 400, 'BODY_INVALID'],
    ['no subject', {}, 400, 'BODY_INVALID'],
    ['all: false', { all: false }, 400, 'BODY_INVALID'],
    ['a jti that is none', { jti: 'x' }, 400, 'BODY_INVALID'],
    ['another tenant', { tenantSpaceId: '202007159032', all: true }, 403, 'TENANT_FORBIDDEN'],
  ])('refuses %s', async (_, subject, status, code) => {
    const answer = await revoke(subject)
    expect([answer.status, answer.line.code]).toEqual([status, code])
  })

  it('wants its own scope', async () => {
    const { status, line } = await call(
      world,
      handlers.revoke,
      as({ tenantSpaceId: TENANT, all: true }, world.callerKey),
    )
    expect([status, line.code]).toEqual([403, 'SCOPE_MISSING'])
  })
})

describe('a signing key that was revoked', () => {
  const deadline = { remainingMs: () => 5_000 }
  /** A stage of its own: what is done to a key of one test must not reach another. */
  const newStage = async () => {
    const ring = await firstKeyRing(new Date())
    for (const { d, kid } of ring.signingKey.keys) secret(`private key ${kid}`, d)
    const prefix = `revoked-key-${randomUUID()}`
    world.secretsManager.put(`${prefix}/signing-key`, ring.signingKey)
    world.secretsManager.put(`${prefix}/jwks`, ring.jwks)
    world.secretsManager.put(`${prefix}/callers`, callersSecret([{ callerId: 'operator', key }]))
    let at = Date.now()
    const runtime = world.runtime({
      env: { ...process.env, SECRETS_PREFIX: prefix },
      now: () => new Date(at),
    })
    const { issueEnterpriseToken } = await import('../../functions/issue-enterprise-token.ts')
    const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
    const [active, next] = ring.signingKey.keys
    if (active === undefined || next === undefined) throw new TypeError('the ring is not whole')
    const handler = issueEnterpriseToken(runtime)
    const validate = validateEnterpriseToken(runtime)
    const good = { ...USER, tenantSpaceId: TENANT }
    return {
      active,
      next,
      wait: (seconds: number) => {
        at += seconds * 1000
      },
      revoke: ({ kid }: PrivateJwk) => directory().revokeKey(kid, deadline),
      promote: () =>
        world.secretsManager.put(`${prefix}/signing-key`, {
          keys: [{ ...next, state: 'active', signsAtOnce: true }],
        }),
      reads: () => world.secretsManager.calls('GetSecretValue'),
      signed: ({ kid, ...jwk }: PrivateJwk) =>
        mint(header(kid), claims({}, Math.floor(at / 1000)), privateKeyOf({ kid, ...jwk })),
      issue: () => call(world, handler, as(good)),
      verdict: async (token: string) => {
        const { body, line } = await call(world, validate, { body: { Token: token, ...good } })
        return [body.retCode, line.code]
      },
    }
  }
  const directory = () => dynamoDirectory({ table: TABLE, random: () => 0 })

  it('verifies nothing 500 ms after the last look, though the signature is true and the key still published', async () => {
    const stage = await newStage()
    const [revoked, other] = [stage.signed(stage.active), stage.signed(stage.next)]
    expect(await stage.verdict(revoked)).toEqual([0, 'TOKEN_VALID'])
    await stage.revoke(stage.active)
    stage.wait(0.5)
    expect(await stage.verdict(revoked)).toEqual([2, 'TOKEN_KEY_REVOKED'])
    expect(await stage.verdict(stage.signed(stage.active))).toEqual([2, 'TOKEN_KEY_REVOKED'])
    expect(await stage.verdict(other)).toEqual([0, 'TOKEN_VALID'])
  })

  it('signs nothing from the next request on, while there is no newer one', async () => {
    const stage = await newStage()
    expect((await stage.issue()).status).toBe(201)
    await stage.revoke(stage.active)
    const reads = stage.reads()
    for (const _ of [1, 2]) {
      const { status, body, line } = await stage.issue()
      expect([status, body.code, line.code]).toEqual([503, 'UNAVAILABLE', 'KEY_REVOKED'])
    }
    // one of each secret
    expect(stage.reads() - reads).toBe(2)
  })

  it('gives way to a newer one at once, by one forced re-read', async () => {
    const stage = await newStage()
    expect((await stage.issue()).line.kid).toBe(stage.active.kid)
    stage.promote()
    expect((await stage.issue()).line.kid).toBe(stage.active.kid)
    await stage.revoke(stage.active)
    const { status, line } = await stage.issue()
    expect([status, line.kid]).toEqual([201, stage.next.kid])
  })

  it('gives way to a newer one after 30 s in a sandbox that looked too early', async () => {
    const stage = await newStage()
    expect((await stage.issue()).status).toBe(201)
    await stage.revoke(stage.active)
    expect((await stage.issue()).line.code).toBe('KEY_REVOKED')
    stage.promote()
    stage.wait(29)
    expect((await stage.issue()).line.code).toBe('KEY_REVOKED')
    stage.wait(1)
    expect((await stage.issue()).line.kid).toBe(stage.next.kid)
  })

  it('is not gone back to when the newer one is revoked too', async () => {
    const stage = await newStage()
    expect((await stage.issue()).status).toBe(201)
    stage.promote()
    await stage.revoke(stage.active)
    await stage.revoke(stage.next)
    expect((await stage.issue()).line.code).toBe('KEY_REVOKED')
  })
})

describe('a just-in-time user, whose name is a caller’s word', () => {
  const shops = { a: newCallerKey('vouching key of shop a'), b: newCallerKey('vouching key of shop b') }
  const scopes = ['enterprise-token:issue', 'users:vouch']
  let vouched: (userId: string, userName: string, shop?: keyof typeof shops) => Promise<string>

  beforeAll(async () => {
    const prefix = 'cec-token-bridge/just-in-time'
    world.secretsManager.put(`${prefix}/signing-key`, world.ring.signingKey)
    world.secretsManager.put(`${prefix}/jwks`, world.ring.jwks)
    world.secretsManager.put(
      `${prefix}/callers`,
      callersSecret(Object.entries(shops).map(([callerId, shopKey]) => ({ callerId, key: shopKey, scopes }))),
    )
    const env = { ...process.env, DIRECTORY: 'on-issue', SECRETS_PREFIX: prefix }
    const { issueEnterpriseToken } = await import('../../functions/issue-enterprise-token.ts')
    const handler = issueEnterpriseToken(world.runtime({ env }))
    vouched = async (userId, userName, shop = 'a') => {
      const { status, body } = await call(
        world,
        handler,
        as({ tenantSpaceId: TENANT, userId, userName }, shops[shop]),
      )
      expect(status).toBe(201)
      return body.token
    }
  })
  const verdictOn = (token: string, userId: string, userName: string) =>
    verdict(newValidate(), token, userId, userName)

  it('chats on under each name that one of two back ends has for it', async () => {
    const tom = await vouched('jit-1', 'Tom', 'a')
    const thomas = await vouched('jit-1', 'Thomas', 'b')
    expect(await verdictOn(tom, 'jit-1', 'Tom')).toBe('TOKEN_VALID')
    expect(await verdictOn(thomas, 'jit-1', 'Thomas')).toBe('TOKEN_VALID')
    expect(await verdictOn(tom, 'jit-1', 'Thomas')).toBe('TOKEN_NAME_DIFFERS')
  })

  it('is held to the name of PUT /users from the moment that this enters it', async () => {
    const tom = await vouched('jit-2', 'Tom')
    await put({ userId: 'jit-2', userName: 'Thomas' })
    expect(await verdictOn(tom, 'jit-2', 'Tom')).toBe('TOKEN_USER_UNKNOWN')
    await put({ userId: 'jit-2', userName: 'Tom' })
    expect(await verdictOn(tom, 'jit-2', 'Tom')).toBe('TOKEN_REVOKED')
  })

  it('is one that PUT /users has entered and a caller has vouched for under another name since', async () => {
    await put({ userId: 'jit-3', userName: 'Tom' })
    const tom = await vouched('jit-3', 'Tom')
    const thomas = await vouched('jit-3', 'Thomas')
    expect(await verdictOn(tom, 'jit-3', 'Tom')).toBe('TOKEN_VALID')
    expect(await verdictOn(thomas, 'jit-3', 'Thomas')).toBe('TOKEN_VALID')
  })

  it('is not one that PUT /users has entered and a caller has vouched for under the same name', async () => {
    await put({ userId: 'jit-4', userName: 'Tom' })
    const tom = await vouched('jit-4', 'Tom')
    await put({ userId: 'jit-4', userName: 'Thomas' })
    expect(await verdictOn(tom, 'jit-4', 'Tom')).toBe('TOKEN_USER_UNKNOWN')
  })

  it('is shut out like any other', async () => {
    const tom = await vouched('jit-5', 'Tom')
    await revoke({ userId: 'jit-5' })
    expect(await verdictOn(tom, 'jit-5', 'Tom')).toBe('TOKEN_REVOKED')
    expect(await verdictOn(await vouched('jit-5', 'Tom'), 'jit-5', 'Tom')).toBe('TOKEN_VALID')
  })
})
