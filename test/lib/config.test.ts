import { describe, expect, it } from 'vitest'
import { readSettings } from '../../lib/config.ts'

describe('lib/config: readSettings', () => {
  it('reads only what is asked for, with defaults', () => {
    const env = { LOG_LEVEL: 'WARN', DIRECTORY: '', UNRELATED: 'x' }
    expect(
      readSettings(env, [
        'LOG_LEVEL',
        'DIRECTORY',
        'TOKEN_LIFETIME_SECONDS',
        'USER_ID_CHARACTERS',
        'USER_ID_MAX_LENGTH',
      ]),
    ).toEqual({
      LOG_LEVEL: 'WARN',
      DIRECTORY: 'table',
      TOKEN_LIFETIME_SECONDS: 300,
      USER_ID_MAX_LENGTH: 32,
    })
  })

  it('reads a set of characters into the inside of a character class', () => {
    const env = { USER_ID_CHARACTERS: 'a-zA-Z0-9._-', USER_ID_MAX_LENGTH: '24' }
    expect(readSettings(env, ['USER_ID_CHARACTERS', 'USER_ID_MAX_LENGTH'])).toEqual({
      USER_ID_CHARACTERS: '\\u{61}-\\u{7a}\\u{41}-\\u{5a}\\u{30}-\\u{39}\\u{2e}\\u{5f}\\u{2d}',
      USER_ID_MAX_LENGTH: 24,
    })
  })

  const NO_SET =
    'USER_ID_CHARACTERS (expected characters and ranges, such as a-zA-Z0-9._- with a hyphen first or last)'
  it.each([
    ['USER_ID_CHARACTERS', 'z-a', NO_SET],
    ['USER_ID_CHARACTERS', ' ', NO_SET],
    ['USER_ID_MAX_LENGTH', '33', 'USER_ID_MAX_LENGTH (expected at most 32)'],
    ['USER_ID_MAX_LENGTH', '0', 'USER_ID_MAX_LENGTH (expected at least 1)'],
    ['USER_ID_MAX_LENGTH', 'all', 'USER_ID_MAX_LENGTH (expected a whole number)'],
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

  const PROXY = 'http://proxy.example:3128'

  it.each([
    ['HTTPS_PROXY', PROXY],
    ['https_proxy', PROXY],
    ['HTTP_PROXY', PROXY],
    ['ALL_PROXY', PROXY],
    ['NODE_USE_ENV_PROXY', '1'],
    ['NODE_OPTIONS', '--enable-source-maps --use-env-proxy'],
  ])('refuses %s, which no call would heed, but on a laptop', (name, value) => {
    const readOn = (STAGE: string) => readSettings({ STAGE, [name]: value }, ['STAGE'])
    expect(() => readOn('prod')).toThrow(
      `settings missing or not usable: ${name} (expected to be left out: no call goes through a proxy)`,
    )
    expect(readOn('local')).toEqual({ STAGE: 'local' })
  })

  it.each([
    ['HTTPS_PROXY', ''],
    ['NO_PROXY', '*'],
    ['NODE_OPTIONS', '--enable-source-maps'],
  ])('takes %s="%s", which asks for no proxy', (name, value) => {
    expect(readSettings({ STAGE: 'prod', [name]: value }, ['STAGE'])).toEqual({ STAGE: 'prod' })
  })
})
