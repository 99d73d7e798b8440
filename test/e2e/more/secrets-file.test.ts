import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { firstKeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { SERVERLESS } from '../../../tools/local/offline-process.ts'
import { fillSampleEvent } from '../../../tools/local/sample-event.ts'
import { runNode } from '../process.ts'
import { startServer } from '../server.ts'

const folder = mkdtempSync(join(tmpdir(), 'secrets-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fileWith = (content: string): string => {
  const path = join(folder, `${Math.random()}.json`)
  writeFileSync(path, content)
  return path
}

describe('LOCAL_SECRETS_FILE', () => {
  it("brings keys of one's own, and leaves the other seeds as they are", async () => {
    // Prepare
    const { signingKey, jwks } = await firstKeyRing(new Date())
    const prefix = 'cec-token-bridge/local'
    const secretsFile = fileWith(
      JSON.stringify({ [`${prefix}/signing-key`]: signingKey, [`${prefix}/jwks`]: jwks }),
    )
    // Act
    const server = await startServer({ secretsFile })
    try {
      const published = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as {
        keys: { kid: string }[]
      }
      const body = await fillSampleEvent(
        '{"Token":"{{enterpriseToken}}","userName":"Tom","userId":"10010001","tenantSpaceId":"202007159031"}',
        {
          signingKey: JSON.stringify(signingKey),
          cecSettings: '',
          issuer: 'https://local.cec-token-bridge.invalid',
          now: new Date(),
          startRotation: () => '',
        },
      )
      const validated = await fetch(`${server.url}/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      // Assess
      expect(published.keys.map(({ kid }) => kid)).toEqual(jwks.keys.map(({ kid }) => kid))
      expect(await validated.json()).toMatchObject({ retCode: 0 })
    } finally {
      await server.stop()
    }
  })

  it('stops the start with a sentence about the file when it is broken', async () => {
    const path = fileWith('{"cec-token-bridge/local/jwks": sentinel-of-a-secret')
    const result = await runNode([SERVERLESS, 'offline', 'start'], {
      env: { PORT: '0', LOCAL_SECRETS_FILE: path },
    })
    expect(result).toMatchObject({ code: 1, leftNothing: true })
    expect(result.stdout).toContain(
      `LOCAL_SECRETS_FILE: ${path} is not JSON. To go on, look at line 1, column 33.`,
    )
    expect(result.stdout + result.stderr).not.toContain('sentinel-of-a-secret')
  })
})
