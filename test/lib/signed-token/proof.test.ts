import { randomBytes } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { TOKEN_TYPE } from '../../../lib/jwt/format.ts'
import { refusals } from '../../../lib/jwt/refusal.ts'
import type { PublicJwk } from '../../../lib/schemas/key-secrets.ts'
import { claims, form, header, SIGNED_TOKEN_LIMITS, signature } from '../../../lib/signed-token/proof.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { base64url, foreignKey, header as headerOf, mint, privateKeyOf } from '../../support/mint.ts'
import { AMPLE, activeKeyOf, type FakeSecrets, fakeSecrets, NOW, newRing } from './fakes.ts'

let ring: KeyRing
let secrets: FakeSecrets
let kid: string
let now: Date

beforeAll(async () => {
  ring = await newRing()
  kid = activeKeyOf(ring).kid
})
beforeEach(() => {
  secrets = fakeSecrets(ring)
  now = NOW
})

const profile = { typ: TOKEN_TYPE, refuse: refusals('TOKEN') } as const
const begun = (text: string) => ({ text, deadline: AMPLE, deps: { secrets, now: () => now }, profile })
const signed = (head: object | string, payload: object | string = { a: 1 }) =>
  mint(head, payload, privateKeyOf(activeKeyOf(ring)))

describe('lib/signed-token/proof: form', () => {
  const TOKEN = () => signed(headerOf(kid))
  const [LONG, LONGER] = [SIGNED_TOKEN_LIMITS.payloadBytes, SIGNED_TOKEN_LIMITS.payloadBytes + 1]
  const ofBytes = (bytes: number) => signed(headerOf(kid), `"${'a'.repeat(bytes - 2)}"`)

  it('takes a token apart, and believes nothing in it', () => {
    const text = `${base64url('x')}.${base64url('y')}.${randomBytes(64).toString('base64url')}`
    expect(form(begun(text)).token).toEqual({ text, header: base64url('x'), payload: Buffer.from('y') })
  })

  it('takes a payload as long as the longest that can be issued, and none that is longer', () => {
    expect(form(begun(ofBytes(LONG))).token.payload).toHaveLength(LONG)
    expect(() => form(begun(ofBytes(LONGER)))).toThrow(expect.objectContaining({ code: 'TOKEN_TOO_LARGE' }))
  })

  it.each<[string, string, () => string]>([
    ['too many characters', 'TOKEN_TOO_LARGE', () => 'a'.repeat(SIGNED_TOKEN_LIMITS.characters + 1)],
    ['two parts', 'TOKEN_MALFORMED', () => TOKEN().replace(/\.[^.]*$/, '')],
    ['four parts', 'TOKEN_MALFORMED', () => `${TOKEN()}.e30`],
    ['padding', 'TOKEN_MALFORMED', () => `${TOKEN()}=`],
    ['a blank', 'TOKEN_MALFORMED', () => ` ${TOKEN()}`],
    ['a signature of 63 bytes', 'TOKEN_MALFORMED', () => `e30.e30.${randomBytes(63).toString('base64url')}`],
    ['no signature', 'TOKEN_MALFORMED', () => TOKEN().replace(/[^.]*$/, '')],
    ['nothing', 'TOKEN_MALFORMED', () => ''],
  ])('refuses %s', (_, code, text) => {
    expect(() => form(begun(text()))).toThrow(expect.objectContaining({ code }))
    expect(() => form(begun(TOKEN()))).not.toThrow()
  })
})

describe('lib/signed-token/proof: header', () => {
  const known = (head: object | string) => header(form(begun(signed(head))))
  const publish = (change: (key: PublicJwk) => PublicJwk) => {
    secrets.values = { ...secrets.values, jwks: { keys: ring.jwks.keys.map(change) } }
  }

  it('finds the key that it names, by one read', async () => {
    expect((await known(headerOf(kid))).key.kid).toBe(kid)
    expect(secrets.reads).toEqual([['jwks', false]])
  })

  it.each<[string, () => object | string]>([
    ['of another kind', () => headerOf(kid, { typ: 'at+jwt' })],
    ['with another algorithm', () => headerOf(kid, { alg: 'none' })],
    ['with a member more', () => headerOf(kid, { jku: 'https://other.invalid' })],
    ['with its members in another order', () => ({ kid, alg: 'ES256', typ: TOKEN_TYPE })],
    ['with a blank', () => `${JSON.stringify(headerOf(kid))} `],
    ['of an unknown key', () => headerOf('unknown')],
  ])('refuses one %s, after one look for a newer ring', async (_, head) => {
    await expect(known(head())).rejects.toMatchObject({ code: 'TOKEN_HEADER_UNKNOWN' })
    expect(secrets.reads).toEqual([
      ['jwks', false],
      ['jwks', true],
    ])
  })

  it('finds a key of a newer ring than its copy', async () => {
    secrets.newer = { jwks: ring.jwks }
    publish((key) => ({ ...key, kid: `old-${key.kid}` }))
    expect((await known(headerOf(kid))).key.kid).toBe(kid)
  })

  it('is unavailable, and no refusal, while there are no keys at all', async () => {
    secrets.values = { jwks: { keys: [] } }
    await expect(known(headerOf(kid))).rejects.toMatchObject({ code: 'KEYS_NOT_INITIALISED' })
  })

  it('refuses a retired key from its end on', async () => {
    const verifyUntil = NOW.getTime() / 1000 + 60
    publish((key) => ({ ...key, verifyUntil }))
    now = new Date(verifyUntil * 1000 - 1)
    expect((await known(headerOf(kid))).key.kid).toBe(kid)
    now = new Date(verifyUntil * 1000)
    await expect(known(headerOf(kid))).rejects.toMatchObject({ code: 'TOKEN_KEY_RETIRED' })
  })
})

describe('lib/signed-token/proof: signature', () => {
  const proven = async (text: string) => signature(await header(form(begun(text))))

  it('gives the payload that the named key has signed', async () => {
    const { payload } = await proven(signed(headerOf(kid), 'anything'))
    expect(Buffer.from(payload).toString()).toBe('anything')
  })

  it.each<[string, () => string]>([
    ['another key', () => mint(headerOf(kid), { a: 1 }, foreignKey())],
    [
      'the ring’s next key',
      () => {
        const [, next] = ring.signingKey.keys
        return mint(headerOf(kid), { a: 1 }, privateKeyOf(next ?? activeKeyOf(ring)))
      },
    ],
    ['nobody', () => `${base64url(headerOf(kid))}.e30.${'A'.repeat(86)}`],
    ['the key, of another payload', () => signed(headerOf(kid)).replace(/\.[^.]*\./, '.e30.')],
  ])('refuses one by %s', async (_, text) => {
    await expect(proven(text())).rejects.toMatchObject({ code: 'TOKEN_SIGNATURE_INVALID' })
  })
})

describe('lib/signed-token/proof: claims', () => {
  const CLAIMS = {
    ...{ iss: 'https://stage.invalid', aud: 'urn:cec:1', sub: 'tom', name: 'Tom' },
    ...{ jti: 'jti-jti-jti-jti-1', ver: '0.0', iat: 1, exp: 2 },
  }
  const text = z.string()
  const number = z.number()
  const schema = z.strictObject({
    ...{ iss: text, aud: text, sub: text, name: text },
    ...{ jti: text, ver: text, iat: number, exp: number },
  })
  const told: unknown[] = []
  const read = (payload: string | Buffer) =>
    claims({
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      key: { kid: 'kid-1' },
      profile: {
        claims: schema,
        refuse: profile.refuse,
        tenantOf: ({ aud }: { aud: string }) => aud.slice(8),
      },
      onSigned: (...all: unknown[]) => {
        told.push(all)
      },
    })
  beforeEach(() => {
    told.length = 0
  })

  it('are read as the kind has them, and what names the token is told', () => {
    const names = { jti: CLAIMS.jti, kid: 'kid-1', tenantSpaceId: '1', userId: 'tom' }
    expect(read(JSON.stringify(CLAIMS))).toMatchObject({ claims: CLAIMS, names })
    expect(told).toEqual([[names, CLAIMS]])
  })

  it.each([
    ['no JSON', '{', '(whole)'],
    [
      'a byte that is no UTF-8',
      Buffer.from(JSON.stringify(CLAIMS).replace('Tom', 'T\u00ffm'), 'latin1'),
      '(whole)',
    ],
    ['a claim too much', JSON.stringify({ ...CLAIMS, admin: true }), undefined],
    ['a claim of another type', JSON.stringify({ ...CLAIMS, exp: '2' }), 'exp'],
    ['a claim too few', JSON.stringify({ ...CLAIMS, sub: undefined }), 'sub'],
  ])('are refused with %s, and nobody is told', (_, payload, field) => {
    const detail = field === undefined ? expect.anything() : { field }
    expect(() => read(payload)).toThrow(expect.objectContaining({ code: 'TOKEN_CLAIMS_INVALID', detail }))
    expect(told).toEqual([])
  })
})
