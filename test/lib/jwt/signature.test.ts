import { generateKeyPairSync } from 'node:crypto'
import { importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { compactToken } from '../../../lib/jwt/compact.ts'
import { refusals } from '../../../lib/jwt/refusal.ts'
import { signClaims } from '../../../lib/jwt/sign.ts'
import { signedPayload } from '../../../lib/jwt/signature.ts'
import { newKey } from '../../../lib/signing-keys/key-ring.ts'
import { secret } from '../../support/canary.ts'
import { mintHs256, mintRsa, signatureTwin } from '../../support/mint.ts'

const LIMITS = { characters: 4_000, payloadBytes: 3_000 }
const refuse = refusals('TOKEN')
const takenApart = (text: string) => compactToken(text, LIMITS, refuse)

const made = async () => {
  const key = await newKey('active')
  secret(`private key ${key.kid}`, key.d)
  const { kty, crv, x, y } = key
  const text = await signClaims({ sub: 'tom' }, key, 'at+jwt')
  return { text, verification: { key: await importJWK({ kty, crv, x, y }, 'ES256'), algorithm: 'ES256' } }
}

describe('lib/jwt/sign, lib/jwt/signature', () => {
  it('sign with the one header of the key and the kind, and find the payload again', async () => {
    const { text, verification } = await made()
    const token = takenApart(text)
    expect(Buffer.from(token.header, 'base64url').toString()).toMatch(
      /^\{"alg":"ES256","kid":"[\w-]{43}","typ":"at\+jwt"\}$/,
    )
    const payload = await signedPayload(token, verification, refuse)
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ sub: 'tom' })
  })

  it('takes the other signature of the same key and payload, which holds as well', async () => {
    const { text, verification } = await made()
    await expect(signedPayload(takenApart(signatureTwin(text)), verification, refuse)).resolves.toBeDefined()
  })

  it.each<[string, (text: string) => string | Promise<string>]>([
    ['by another key', async () => (await made()).text],
    ['of another payload', (text) => text.replace(/\.[^.]*\./, '.e30.')],
    [
      'under another header',
      (text) => text.replace(/^[^.]*/, Buffer.from('{"alg":"ES256"}').toString('base64url')),
    ],
    ['by HMAC with a public text', () => mintHs256({ alg: 'HS256' }, {}, 'public')],
    [
      'by an algorithm that only the token asks for',
      () =>
        mintRsa({ alg: 'RS256' }, {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, false),
    ],
  ])('refuses a signature %s', async (_, spoil) => {
    const { text, verification } = await made()
    const token = takenApart(await spoil(text))
    await expect(signedPayload(token, verification, refuse)).rejects.toMatchObject({
      code: 'TOKEN_SIGNATURE_INVALID',
    })
  })
})
