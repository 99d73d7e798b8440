import { describe, expect, it } from 'vitest'
import { CALLERS, JWKS, SIGNING_KEY, TOKEN_STORE_KEY } from '../../../lib/secrets/definitions.ts'
import { parsed } from '../../../lib/secrets/parsed.ts'

describe('lib/secrets/definitions', () => {
  it.each([
    ['signing-key', SIGNING_KEY, { keys: [] }],
    ['jwks', JWKS, { keys: [] }],
    ['callers', CALLERS, { callers: [], issuers: [] }],
  ])(
    'takes a secret %s that nothing was ever written into for one that admits nobody',
    (name, definition, empty) => {
      const { initial = '', schema } = definition
      expect(parsed<object>(name, initial, schema)).toMatchObject(empty)
    },
  )

  it('has nothing to take in place of the key of the token store: Secrets Manager makes it', () => {
    expect(TOKEN_STORE_KEY.initial).toBeUndefined()
  })
})
