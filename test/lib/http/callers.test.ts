import { describe, expect, it } from 'vitest'
import { authenticator } from '../../../lib/http/callers.ts'
import { foreignKey, mint } from '../../support/mint.ts'
import { newCallerKey } from '../../support/world.ts'

describe('lib/http/callers', () => {
  it('takes caller keys alone where a route says nothing else', async () => {
    const secrets = { read: () => Promise.reject(new Error('not asked')) }
    const deps = { secrets, stage: 'test', now: () => new Date() }
    const token = mint(
      { alg: 'ES256', kid: '1', typ: 'at+jwt' },
      { iss: 'https://idp.invalid' },
      foreignKey(),
    )
    const refused = (credential: string) =>
      authenticator(deps)(
        { authorization: `Bearer ${credential}` },
        { remainingMs: () => 1_000 },
        () => undefined,
      )
    await expect(refused(token)).rejects.toMatchObject({ code: 'CALLER_KIND_REFUSED' })
    await expect(refused(newCallerKey())).rejects.toThrow('not asked')
  })
})
