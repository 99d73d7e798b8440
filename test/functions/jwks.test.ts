import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { claims, header, mint, privateKeyOf } from '../support/mint.ts'
import { call, ISSUER, PREFIX, startWorld, TENANT, type World } from '../support/world.ts'

let world: World
let newJwks: (prefix?: string) => HttpHandler

beforeAll(async () => {
  world = await startWorld()
  const { jwks } = await import('../../functions/jwks.ts')
  newJwks = (prefix = PREFIX) => jwks(world.runtime({ env: { ...process.env, SECRETS_PREFIX: prefix } }))
})
afterAll(() => world.close())

describe('GET /.well-known/jwks.json', () => {
  it('publishes the public members of every key, cacheable for five minutes', async () => {
    const { status, body, headers, line } = await call(world, newJwks(), {})
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('public, max-age=300')
    expect(line).toMatchObject({ level: 'INFO', code: 'JWKS_SERVED' })
    expect(body).toEqual({
      keys: world.ring.signingKey.keys.map(({ kty, crv, x, y, kid }) => ({
        kty,
        crv,
        x,
        y,
        kid,
        alg: 'ES256',
        use: 'sig',
      })),
    })
  })

  it('lets any library verify our tokens', async () => {
    const { body } = await call(world, newJwks(), {})
    const [active] = world.ring.signingKey.keys
    if (active === undefined) throw new TypeError('the ring has no active key')
    const token = mint(header(active.kid), claims(), privateKeyOf(active))
    const options = {
      issuer: ISSUER,
      audience: `urn:cec:${TENANT}`,
      typ: 'cec-enterprise+jwt',
      algorithms: ['ES256'],
    }
    await expect(jwtVerify(token, createLocalJWKSet(body), options)).resolves.toBeDefined()
  })

  it('leaves out a retired key once its last token is dead', async () => {
    const [active, next] = world.ring.jwks.keys
    const at = Math.floor(Date.now() / 1000)
    const keys = [
      { ...active, verifyUntil: at - 1 },
      { ...next, verifyUntil: at + 60 },
    ]
    world.secretsManager.put('cec-token-bridge/retired/jwks', { keys })
    const { body } = await call(world, newJwks('cec-token-bridge/retired'), {})
    expect(body.keys.map(({ kid }: { kid: string }) => kid)).toEqual([next?.kid])
  })

  it('answers the same while nothing was ever written into the secret, as between deployment and first rotation', async () => {
    const client = new SecretsManagerClient()
    await client.send(new CreateSecretCommand({ Name: 'cec-token-bridge/unset/jwks' }))
    client.destroy()
    const { status, headers, line } = await call(world, newJwks('cec-token-bridge/unset'), {})
    expect([status, headers['cache-control'], line.code]).toEqual([503, 'no-store', 'KEYS_NOT_INITIALISED'])
  })

  it('answers 503, which nobody caches, rather than an empty set', async () => {
    world.secretsManager.put('cec-token-bridge/empty/jwks', { keys: [] })
    const { status, headers, line } = await call(world, newJwks('cec-token-bridge/empty'), {})
    expect([status, headers['cache-control'], line.code]).toEqual([503, 'no-store', 'KEYS_NOT_INITIALISED'])
  })
})
