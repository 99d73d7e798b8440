import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstKeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { expectClean, secret } from '../../support/canary.ts'
import { foreignKey, privateKeyOf } from '../../support/mint.ts'
import { goodToken, MESSAGES, question, REFUSALS, type RefusalWorld } from '../../support/refusals.ts'
import { type Server, startServer } from '../server.ts'

const ROUTE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'
const folder = mkdtempSync(join(tmpdir(), 'refusals-'))
let server: Server
let world: RefusalWorld

beforeAll(async () => {
  const ring = await firstKeyRing(new Date())
  for (const { d, state } of ring.signingKey.keys) secret(`private key (${state})`, d)
  const secretsFile = join(folder, 'secrets.json')
  const prefix = 'cec-token-bridge/local'
  writeFileSync(
    secretsFile,
    JSON.stringify({ [`${prefix}/signing-key`]: ring.signingKey, [`${prefix}/jwks`]: ring.jwks }),
  )
  server = await startServer({ secretsFile })
  const [active] = ring.signingKey.keys
  if (active === undefined) throw new TypeError('the ring has no active key')
  const trueKey = privateKeyOf(active)
  world = {
    kid: active.kid,
    trueKey,
    foreignKey: foreignKey(),
    publicText: createPublicKey(trueKey).export({ format: 'jwk' }).x ?? '',
    issuer: 'https://local.cec-token-bridge.invalid',
  }
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
  expectClean("the server's output", server.output())
})

const ask = async (body: Record<string, unknown>) => {
  const response = await fetch(server.url + ROUTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  expectClean('an answer', text)
  const requestId = response.headers.get('x-request-id') ?? ''
  return {
    status: response.status,
    body: JSON.parse(text),
    type: response.headers.get('content-type'),
    requestId,
  }
}

/** The log line of one request, once the server has printed it. */
const codeOf = async (requestId: string): Promise<string> => {
  for (let tries = 0; tries < 100; tries++) {
    const line = server
      .output()
      .split('\n')
      .find((text) => text.includes(`"requestId":"${requestId}"`))
    if (line !== undefined) return JSON.parse(line.slice(line.indexOf('{'))).code
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no log line for request ${requestId}`)
}

describe('the running server, with keys brought in by LOCAL_SECRETS_FILE', () => {
  it.each(REFUSALS)('refuses: $fault → $code', async ({ code, retCode, body }) => {
    const spoilt = await ask(body(world))
    expect(spoilt).toMatchObject({
      status: 200,
      body: { retCode, message: MESSAGES[retCode] },
      type: 'application/json; charset=utf-8',
    })
    expect(await codeOf(spoilt.requestId)).toBe(code)
    const twin = await ask(question(goodToken(world)))
    expect([twin.body, await codeOf(twin.requestId)]).toEqual([
      { retCode: 0, message: MESSAGES[0] },
      'TOKEN_VALID',
    ])
  })
})
