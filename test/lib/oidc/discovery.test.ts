import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { keyDiscovery } from '../../../lib/oidc/discovery.ts'
import type { OutboundCall, Reply } from '../../../lib/outbound/outbound.ts'

const AMPLE = { remainingMs: () => 5_000 }
const ISSUER = 'https://idp.invalid/staff'
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`
const JWKS = 'https://idp.invalid/keys'
const KEY = { kty: 'EC', crv: 'P-256', kid: 'one', x: 'A'.repeat(43), y: 'A'.repeat(43) }

const reply = (content: unknown, status = 200): Reply => ({
  status,
  headers: {},
  text: typeof content === 'string' ? content : JSON.stringify(content),
  sentAt: 0,
})
/** Answers by address; of a good provider, but for what a test changes. */
const fetched = async (changes: Readonly<Record<string, Reply>> = {}, issuer = ISSUER, jwksUri?: string) => {
  const calls: OutboundCall[] = []
  const answers: Readonly<Record<string, Reply>> = {
    [DISCOVERY]: reply({ issuer, jwks_uri: JWKS }),
    [JWKS]: reply({ keys: [KEY] }),
    ...changes,
  }
  const fetchKeys = keyDiscovery(async (call) => {
    calls.push(call)
    return answers[call.url] ?? reply('', 404)
  })
  const outcome = await fetchKeys({ issuer, jwksUri }, AMPLE).catch((error: unknown) =>
    error instanceof BridgeError ? [error.code, error.detail.reason] : error,
  )
  return { outcome, calls }
}
const UNAVAILABLE = 'OIDC_KEYS_UNAVAILABLE'
/** Lasts until somebody changes the entry or the provider. */
const MISCONFIGURED = 'OIDC_PROVIDER_MISCONFIGURED'

describe('lib/oidc/discovery', () => {
  it('finds the keys at the address that the issuer’s document names', async () => {
    const { outcome, calls } = await fetched()
    expect(outcome).toEqual([KEY])
    expect(calls.map(({ url, method }) => `${method} ${url}`)).toEqual([`GET ${DISCOVERY}`, `GET ${JWKS}`])
  })

  it('shares connections with no other issuer and no tenant, and bounds every answer', async () => {
    const { calls } = await fetched()
    for (const call of calls) {
      expect(call).toMatchObject({ tenantSpaceId: `issuer ${ISSUER}`, isRepeatable: true, atMostMs: 2_000 })
      expect(call.maxBytes).toBeLessThanOrEqual(256 * 1024)
    }
  })

  it('leaves out the final slash of an issuer, and nothing else', async () => {
    const { outcome, calls } = await fetched({}, `${ISSUER}/`)
    expect(calls[0]?.url).toBe(DISCOVERY)
    expect(outcome).toEqual([KEY])
  })

  it('asks the exact address of an entry, of any origin, and no discovery', async () => {
    const jwksUri = 'https://keys.invalid/certs'
    const { outcome, calls } = await fetched({ [jwksUri]: reply({ keys: [KEY] }) }, ISSUER, jwksUri)
    expect(outcome).toEqual([KEY])
    expect(calls.map(({ url }) => url)).toEqual([jwksUri])
  })

  it('passes over keys of other kinds', async () => {
    const keys = [{ kty: 'OKP', kid: 'x' }, { ...KEY, use: 'enc' }, null, KEY]
    expect((await fetched({ [JWKS]: reply({ keys }) })).outcome).toEqual([KEY])
  })

  it.each([
    ['a redirect', { [DISCOVERY]: reply('', 302) }, UNAVAILABLE, 'status 302'],
    ['a document that is none', { [DISCOVERY]: reply('<html>') }, UNAVAILABLE, 'no discovery document'],
    [
      'a document of another issuer',
      { [DISCOVERY]: reply({ issuer: `${ISSUER}/`, jwks_uri: JWKS }) },
      MISCONFIGURED,
      'the discovery document is of another issuer',
    ],
    [
      'keys of another host',
      { [DISCOVERY]: reply({ issuer: ISSUER, jwks_uri: 'https://other.invalid/keys' }) },
      MISCONFIGURED,
      'jwks_uri is of another origin: name it as jwksUri in the entry',
    ],
    [
      'keys behind a password',
      { [DISCOVERY]: reply({ issuer: ISSUER, jwks_uri: 'https://a:b@idp.invalid/keys' }) },
      MISCONFIGURED,
      'jwks_uri is of another origin: name it as jwksUri in the entry',
    ],
    ['a redirected key set', { [JWKS]: reply('', 307) }, UNAVAILABLE, 'status 307'],
    ['a key set that is none', { [JWKS]: reply([]) }, UNAVAILABLE, 'no key set'],
  ])('refuses %s', async (_, changes, code, reason) => {
    expect((await fetched(changes)).outcome).toEqual([code, `idp.invalid: ${reason}`])
  })
})
