import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AccessTokenClaims } from '../../../lib/schemas/access-token.ts'
import { EnterpriseTokenClaims } from '../../../lib/schemas/enterprise-token.ts'
import { describeFaults } from '../../../lib/schemas/issues.ts'
import { OidcClaims } from '../../../lib/schemas/oidc.ts'

const AT = 1_900_000_000
const own = {
  iss: 'i',
  aud: 'urn:cec:t',
  sub: 's',
  name: 'n',
  jti: randomUUID(),
  ver: '0.0',
  iat: AT,
  exp: AT + 300,
}

// What secrets hold is tried in secrets.test.ts.
describe('lib/schemas/epoch-seconds, in claims', () => {
  it.each([
    ['an enterprise token', EnterpriseTokenClaims, own, ['iat', 'exp']],
    [
      'an access token',
      AccessTokenClaims,
      { ...own, tenantSpaceId: 't', client_id: 'c', scope: 'chat:relay' },
      ['iat', 'exp'],
    ],
    [
      'an identity provider’s token',
      OidcClaims,
      { iss: 'i', sub: 's', aud: 'a', iat: AT, exp: AT + 300.5, nbf: AT },
      ['iat', 'exp', 'nbf'],
    ],
  ] as const)('are seconds and no milliseconds: those of %s', (_, schema, claims, names) => {
    expect(schema.safeParse(claims).success).toBe(true)
    for (const name of names) {
      expect(schema.safeParse({ ...claims, [name]: 10_000_000_000 }).success).toBe(true)
      for (const wrong of [AT * 1000, 10_000_000_001, -1, `${AT}`]) {
        const { error } = schema.safeParse({ ...claims, [name]: wrong })
        expect(error && describeFaults(error)).toBe(
          `${name}: expected whole seconds since 1970, not milliseconds`,
        )
      }
    }
  })
})
