import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { CompactEncrypt, type CompactJWEHeaderParameters } from 'jose'
import { describe, expect, it } from 'vitest'
import { keyring } from '../../../lib/token-cache/seal.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { leaksIn, secret } from '../../support/canary.ts'

const key = secret('token store key', newTokenStoreKey())
const ring = keyring({ key })
const otherRing = keyring({ key: secret('another token store key', newTokenStoreKey()) })

const PK = '3:cec5:token2:t1'
const NOW = Date.parse('2026-09-21T12:00:00Z')
const TOKEN = {
  token: secret('service token', randomBytes(30).toString('base64url')),
  issuedAt: NOW - 60_000,
  expiresAt: NOW + 540_000,
  generation: 3,
}

/** The letters of base64url in an order where the opposite half differs in a bit that always counts. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const flipped = (text: string, at: number): string =>
  text.slice(0, at) + LETTERS[LETTERS.indexOf(text[at] as string) ^ 32] + text.slice(at + 1)

describe('lib/token-cache/seal: keyring.open', () => {
  it('opens what was sealed for the item', async () => {
    expect(await ring.open(PK, await ring.seal(PK, TOKEN))).toEqual(TOKEN)
  })

  it('opens what another sandbox with the same key has sealed', async () => {
    expect(await keyring({ key }).open(PK, await ring.seal(PK, TOKEN))).toEqual(TOKEN)
  })

  it('opens nothing that was sealed for another item', async () => {
    const sealed = await ring.seal(PK, TOKEN)
    expect(await ring.open('3:cec5:token2:t2', sealed)).toBeUndefined()
    expect(await ring.open('', sealed)).toBeUndefined()
  })

  it('opens nothing that was sealed with another key', async () => {
    expect(await ring.open(PK, await otherRing.seal(PK, TOKEN))).toBeUndefined()
    expect(await otherRing.open(PK, await otherRing.seal(PK, TOKEN))).toEqual(TOKEN)
  })

  it('opens nothing of which one character is another, in any of the five segments', async () => {
    const sealed = await ring.seal(PK, TOKEN)
    const letters = [...sealed].map((_, at) => at).filter((at) => sealed[at] !== '.')
    const opened = await Promise.all(letters.map((at) => ring.open(PK, flipped(sealed, at))))
    expect(new Set(opened)).toEqual(new Set([undefined]))
    // the segment of an encrypted key is empty
    expect(await ring.open(PK, sealed.replace('..', '.A.'))).toBeUndefined()
    expect(await ring.open(PK, sealed)).toEqual(TOKEN)
  })

  it('opens nothing that was cut anywhere', async () => {
    const sealed = await ring.seal(PK, TOKEN)
    const cut = await Promise.all(
      [...sealed].map((_, at) => at).map((length) => ring.open(PK, sealed.slice(0, length))),
    )
    expect(new Set(cut)).toEqual(new Set([undefined]))
  })

  it.each(['', 'text', 'a.b.c', 'a.b.c.d.e', '{}', '\u0000', '😀'])(
    'opens nothing that is no JWE: %j',
    async (text) => {
      expect(await ring.open(PK, text)).toBeUndefined()
    },
  )
})

describe('lib/token-cache/seal: keyring.open, of what somebody with the very key has sealed', () => {
  const sealing = new Uint8Array(hkdfSync('sha256', key, '', 'cec-token-bridge seal', 32))
  const item = createHash('sha256').update(PK).digest('base64url')
  const GOOD = { alg: 'dir', enc: 'A256GCM', item }
  const made = (header: object, payload: unknown = TOKEN): Promise<string> =>
    new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader(header as CompactJWEHeaderParameters)
      .encrypt(sealing)

  it('opens the one form', async () => {
    expect(await ring.open(PK, await made(GOOD))).toEqual(TOKEN)
  })

  it.each([
    ['another alg', { ...GOOD, alg: 'A256GCMKW' }],
    ['another alg', { ...GOOD, alg: 'A256KW' }],
    ['another enc', { ...GOOD, enc: 'A128CBC-HS256' }],
    ['no item', { alg: 'dir', enc: 'A256GCM' }],
    ['another item', { ...GOOD, item: createHash('sha256').update('another').digest('base64url') }],
    ['the item itself for its digest', { ...GOOD, item: PK }],
  ])('refuses %s', async (_, header) => {
    expect(await ring.open(PK, await made(header))).toBeUndefined()
  })

  it('refuses compression, which would tell of the token by its length', async () => {
    expect(await ring.open(PK, await made({ ...GOOD, zip: 'DEF' }))).toBeUndefined()
  })

  it.each([
    ['a member more', { ...TOKEN, more: 1 }],
    ['no generation', { ...TOKEN, generation: undefined }],
    ['generation 0', { ...TOKEN, generation: 0 }],
    ['an end that is text', { ...TOKEN, expiresAt: '1790000000000' }],
    ['a beginning with a fraction', { ...TOKEN, issuedAt: 0.5 }],
    ['an empty token', { ...TOKEN, token: '' }],
    ['nothing', null],
  ])('refuses %s', async (_, payload) => {
    expect(await ring.open(PK, await made(GOOD, payload))).toBeUndefined()
  })
})

describe('lib/token-cache/seal: keyring.seal', () => {
  it('shows nothing of the token, and never the same twice', async () => {
    const [one, other] = [await ring.seal(PK, TOKEN), await ring.seal(PK, TOKEN)]
    const readable = one.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(leaksIn([one, ...readable].join(' '))).toEqual([])
    expect(leaksIn(JSON.stringify(TOKEN))).not.toEqual([])
    expect(readable[0]).toBe(
      JSON.stringify({
        alg: 'dir',
        enc: 'A256GCM',
        item: createHash('sha256').update(PK).digest('base64url'),
      }),
    )
    expect(one).not.toBe(other)
  })
})

describe('lib/token-cache/seal: keyring.keyed', () => {
  it('gives the same for the same key, and another for every other', () => {
    expect(keyring({ key }).keyed('fingerprint')).toBe(ring.keyed('fingerprint'))
    expect(otherRing.keyed('fingerprint')).not.toBe(ring.keyed('fingerprint'))
    expect(ring.keyed('another')).not.toBe(ring.keyed('fingerprint'))
    expect(ring.keyed('fingerprint')).toMatch(/^[\w-]{43}$/)
  })
})
