import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../../lib/http/handler.ts'
import { fresh, list, parts, world } from '../../support/oidc-world.ts'
import { call } from '../../support/world.ts'
import { type Front, startFront } from '../front.ts'
import { freePort, START_MS } from '../processes.ts'
import { claimsOf, headerOf } from '../tokens.ts'
import { makeRealm, realmAt, TOM } from './realm.ts'
import { keycloak, shop, tomOf, useKeycloak, users } from './world.ts'

/** As docs/identity-providers.md has them. */
const KEPT_MS = 600_000
const COOLDOWN_MS = 30_000
const RETRY_MS = 5_000
const IN_FORCE_MS = 1_000

useKeycloak()

let token: string
let passedMs: number
let applyToken: HttpHandler
/** Where the clock stands still: however long Keycloak takes, what a limit says of one moment is then said of this one. */
let heldAt: number | undefined
const now = () => new Date((heldAt ?? Date.now()) + passedMs)

beforeAll(async () => {
  token = (await shop.signIn('page')).accessToken
})
/** A sandbox that has just started, with the keys of no realm. It reads the entry at once. */
const startSandbox = async (changes: object = {}) => {
  list(users(changes))
  passedMs = 0
  heldAt = undefined
  applyToken = await fresh('applyToken', { now })
}
beforeEach(() => startSandbox())

/** What comes of a token in one sandbox, which keeps the keys that it has fetched. */
const ask = async (userToken = token) => {
  const { status, line } = await call(world, applyToken, parts('applyToken', userToken, tomOf(userToken)))
  return { status, code: line.code, ...(line.reason === undefined ? {} : { reason: line.reason }) }
}
const ADMITTED = { status: 200, code: 'CHAT_TOKEN_ISSUED' }
const KEY_UNKNOWN = { status: 401, code: 'OIDC_KEY_UNKNOWN' }
const unavailable = (address: string, reason: string) => ({
  status: 503,
  code: 'OIDC_KEYS_UNAVAILABLE',
  reason: `${new URL(address).host}: ${reason}`,
})

describe('a key that the realm changes', () => {
  const newKey = (priority: number) =>
    keycloak.admin('POST', '/shop/components', {
      name: `key of priority ${priority}`,
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config: { priority: [String(priority)], active: ['true'], enabled: ['true'], algorithm: ['RS256'] },
    })
  const removeKey = async (kid: unknown) => {
    const { keys } = await keycloak.admin<{ keys: { kid: string; providerId: string }[] }>(
      'GET',
      '/shop/keys',
    )
    const { providerId } = keys.find((key) => key.kid === kid) ?? {}
    await keycloak.admin('DELETE', `/shop/components/${providerId}`)
  }

  it('is taken half a minute after the last look at the latest, and the one before it serves on', async () => {
    heldAt = Date.now()
    expect(await ask()).toEqual(ADMITTED)
    await newKey(200)
    const { accessToken } = await shop.signIn('page')
    expect(headerOf(accessToken)['kid']).not.toBe(headerOf(token)['kid'])
    expect(await ask(accessToken)).toEqual(KEY_UNKNOWN)
    passedMs = COOLDOWN_MS
    expect(await ask(accessToken)).toEqual(ADMITTED)
    expect(await ask()).toEqual(ADMITTED)
  })

  it('is refused ten minutes after it was removed at the latest', async () => {
    const { accessToken: old } = await shop.signIn('page')
    await newKey(300)
    const { accessToken } = await shop.signIn('page')
    expect([await ask(old), await ask(accessToken)]).toEqual([ADMITTED, ADMITTED])
    await removeKey(headerOf(old)['kid'])
    expect(await ask(old)).toEqual(ADMITTED)
    passedMs = KEPT_MS
    expect(await ask(old)).toEqual(KEY_UNKNOWN)
    expect(await ask(accessToken)).toEqual(ADMITTED)
  })
})

describe('a user who is disabled at Keycloak', () => {
  const setEnabled = async (enabled: boolean) => {
    const [tom = { id: '' }] = await keycloak.admin<{ id: string }[]>(
      'GET',
      `/shop/users?username=${TOM.username}`,
    )
    await keycloak.admin('PUT', `/shop/users/${tom.id}`, { ...tom, enabled })
  }

  it('gets no new token, and the one it has is good until its exp unless the directory here refuses', async () => {
    const { accessToken } = await shop.signIn('page')
    const lifeMs = Number(claimsOf(accessToken)['exp']) * 1000 - Date.now()
    await setEnabled(false)
    try {
      await expect(shop.signIn('page')).rejects.toThrow('lets tom not in')
      expect(await ask(accessToken)).toEqual(ADMITTED)
    } finally {
      await setEnabled(true)
    }
    await world.putUser({ ...tomOf(accessToken), status: 'disabled' })
    passedMs += IN_FORCE_MS
    expect(await ask(accessToken)).toEqual({ status: 401, code: 'OIDC_USER_INACTIVE' })
    await world.putUser(tomOf(accessToken))
    passedMs += IN_FORCE_MS
    expect(await ask(accessToken)).toEqual(ADMITTED)
    passedMs = lifeMs + 1_000
    expect(await ask(accessToken)).toEqual({ status: 401, code: 'OIDC_EXPIRED' })
    await expect(shop.signIn('page')).resolves.toBeDefined()
  })
})

describe('a Keycloak behind another server', () => {
  let front: Front
  beforeEach(async () => {
    front = await startFront(keycloak.url)
    await startSandbox({ issuer: `${front.url}/realms/shop` })
  })
  afterEach(() => front.close())
  const signIn = async () => (await realmAt(front.url, 'shop').signIn('page')).accessToken

  it('is waited for a second at each of its two calls, and not for three', async () => {
    const accessToken = await signIn()
    front.delayMs = 3_000
    expect(await ask(accessToken)).toEqual(unavailable(front.url, 'UPSTREAM_TIMEOUT'))
    front.delayMs = 1_000
    passedMs = RETRY_MS
    expect(await ask(accessToken)).toEqual(ADMITTED)
  })

  it('is not asked while its keys are kept', async () => {
    const accessToken = await signIn()
    expect(await ask(accessToken)).toEqual(ADMITTED)
    front.delayMs = 3_000
    front.requests.length = 0
    passedMs = KEPT_MS - 30_000
    expect([await ask(accessToken), front.requests]).toEqual([ADMITTED, []])
  })

  it('that does not pass its address on is a misconfiguration: waiting does not mend it', async () => {
    const accessToken = await signIn()
    front.isHidden = true
    expect(await ask(accessToken)).toEqual({
      ...unavailable(front.url, 'the discovery document is of another issuer'),
      status: 500,
      code: 'OIDC_PROVIDER_MISCONFIGURED',
    })
    front.isHidden = false
    passedMs = RETRY_MS
    expect(await ask(accessToken)).toEqual(ADMITTED)
  })
})

describe('a realm that is gone', () => {
  it('is missed after ten minutes, and the log says how Keycloak answers', async () => {
    await makeRealm(keycloak, 'gone')
    const gone = realmAt(keycloak.url, 'gone')
    await startSandbox({ issuer: gone.issuer })
    const { accessToken } = await gone.signIn('page')
    expect(await ask(accessToken)).toEqual(ADMITTED)
    await keycloak.admin('DELETE', '/gone')
    expect(await ask(accessToken)).toEqual(ADMITTED)
    passedMs = KEPT_MS
    expect(await ask(accessToken)).toEqual(unavailable(gone.issuer, 'status 404'))
  })
})

describe('a Keycloak that is away', () => {
  it('at the start: 503 with a reason, and five seconds after it has come all is well', async () => {
    const port = await freePort()
    const address = `http://127.0.0.1:${port}`
    await startSandbox({ issuer: `${address}/realms/shop` })
    let front = await startFront(keycloak.url, port)
    const { accessToken } = await realmAt(address, 'shop').signIn('page')
    await front.close()
    heldAt = Date.now()
    expect(await ask(accessToken)).toEqual(unavailable(address, 'UPSTREAM_UNAVAILABLE'))
    front = await startFront(keycloak.url, port)
    try {
      // Anyone can cause a question: so soon after one that failed there is no other.
      expect(await ask(accessToken)).toEqual(unavailable(address, 'UPSTREAM_UNAVAILABLE'))
      expect(front.requests).toEqual([])
      passedMs = RETRY_MS
      expect(await ask(accessToken)).toEqual(ADMITTED)
    } finally {
      await front.close()
    }
  })

  it('for a restart: kept keys serve for ten minutes, then 503 with a reason until it is back', {
    timeout: START_MS,
  }, async () => {
    const { accessToken } = await shop.signIn('page')
    expect(await ask(accessToken)).toEqual(ADMITTED)
    await keycloak.stop()
    expect(await ask(accessToken)).toEqual(ADMITTED)
    passedMs = KEPT_MS
    expect(await ask(accessToken)).toEqual(unavailable(shop.issuer, 'UPSTREAM_UNAVAILABLE'))
    await keycloak.start()
    passedMs += RETRY_MS
    expect(await ask(accessToken)).toEqual(ADMITTED)
    expect(await ask((await shop.signIn('page')).accessToken)).toEqual(ADMITTED)
  })
})
