import { describe, expect, it } from 'vitest'
import { readSettings } from '../../lib/config.ts'

describe('lib/config: readSettings', () => {
  it('reads only what is asked for, with defaults', () => {
    const env = { LOG_LEVEL: 'WARN', DIRECTORY: '', UNRELATED: 'x' }
    expect(
      readSettings(env, ['LOG_LEVEL', 'DIRECTORY', 'TOKEN_LIFETIME_SECONDS', 'USER_ID_PATTERN']),
    ).toEqual({
      LOG_LEVEL: 'WARN',
      DIRECTORY: 'table',
      TOKEN_LIFETIME_SECONDS: 300,
      USER_ID_PATTERN: '[\\x21-\\x7e]+',
    })
  })

  it.each([
    ['ISSUER', 'http://plain.invalid', 'ISSUER (expected an https URL)'],
    ['STAGE', 'a/b', 'STAGE (expected 1 to 32 letters, digits or hyphens)'],
    ['DIRECTORY', 'ldap', 'DIRECTORY (expected "table" or "on-issue")'],
    ['TOKEN_LIFETIME_SECONDS', 'soon', 'TOKEN_LIFETIME_SECONDS (expected a whole number of seconds)'],
    ['TOKEN_LIFETIME_SECONDS', '29', 'TOKEN_LIFETIME_SECONDS (expected at least 30)'],
    ['SECRETS_PREFIX', 'a b', 'SECRETS_PREFIX (expected a Secrets Manager name without a final slash)'],
    ['LOG_LEVEL', 'DEBUG', 'LOG_LEVEL (expected INFO, WARN or ERROR)'],
  ] as const)('refuses %s=%s without repeating it', (name, value, fault) => {
    expect(() => readSettings({ [name]: value }, [name])).toThrow(`settings missing or not usable: ${fault}`)
  })
})
