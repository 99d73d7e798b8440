/** Plain settings: read once per function from the environment, through one schema. */

import * as z from 'zod/mini'
import { BridgeError } from './errors.ts'
import { characterSet } from './schemas/character-set.ts'
import { MOST_USER_ID_CHARACTERS } from './schemas/ids.ts'
import { parseSources } from './schemas/sources.ts'

const number = (what: string, least: number, most: number) =>
  z.coerce
    .number(what)
    .check(z.gte(least, `expected at least ${least}`), z.lte(most, `expected at most ${most}`))

const whole = (what: string, least: number, most: number) =>
  z.coerce
    .number(what)
    .check(z.int(what), z.gte(least, `expected at least ${least}`), z.lte(most, `expected at most ${most}`))

const wholeSeconds = (least: number, most: number) => whole('expected a whole number of seconds', least, most)
const wholeNumber = (least: number, most: number) => whole('expected a whole number', least, most)
const seconds = (least: number, most: number) => number('expected a number of seconds', least, most)
const tableName = z.string().check(z.minLength(3, 'expected the name of a DynamoDB table'))

/** Every setting of every function, with what it must look like. docs/reference/settings.md is made of this for operators. */
export const Settings = z.object({
  STAGE: z.string().check(z.regex(/^[A-Za-z0-9-]{1,32}$/, 'expected 1 to 32 letters, digits or hyphens')),
  SECRETS_PREFIX: z
    .string()
    .check(
      z.regex(
        /^[A-Za-z0-9/_+=.@-]{0,199}[A-Za-z0-9_+=.@-]$/,
        'expected a Secrets Manager name without a final slash',
      ),
    ),
  ISSUER: z
    .url({ protocol: /^https$/, error: 'expected an https URL' })
    .check(z.maxLength(200, 'expected at most 200 characters')),
  DIRECTORY_TABLE: tableName,
  CALLERS_TABLE: tableName,
  TOKENS_TABLE: tableName,
  DIRECTORY: z._default(z.enum(['table', 'on-issue'], 'expected "table" or "on-issue"'), 'table'),
  /** After how many days without a token a user is removed whom a caller's word has entered. 0: never. */
  JUST_IN_TIME_USER_DAYS: z._default(wholeNumber(0, 3650), 0),
  TOKEN_LIFETIME_SECONDS: z._default(wholeSeconds(30, 3600), 300),
  ACCESS_TOKEN_LIFETIME_SECONDS: z._default(wholeSeconds(30, 900), 300),
  /** Enterprise and access tokens together. */
  ISSUES_PER_USER_AND_MINUTE: z._default(wholeNumber(1, 6000), 30),
  /** Read into the inside of a character class. Empty: every character that the text rules take. */
  USER_ID_CHARACTERS: z.optional(
    z.pipe(
      z.string(),
      z.transform((set, { issues }) => {
        const characters = characterSet(set)
        if (characters !== undefined) return characters
        const message = 'expected characters and ranges, such as a-zA-Z0-9._- with a hyphen first or last'
        issues.push({ code: 'custom', message, input: undefined })
        return z.NEVER
      }),
    ),
  ),
  USER_ID_MAX_LENGTH: z._default(wholeNumber(1, MOST_USER_ID_CHARACTERS), MOST_USER_ID_CHARACTERS),
  /** Empty: any source may call the validate route. */
  CEC_SOURCE_CIDRS: z.optional(
    z.string().check(
      z.refine((list) => parseSources(list) !== undefined, {
        error: 'expected addresses or CIDR blocks, separated by commas',
      }),
    ),
  ),
  POLL_SECONDS: z._default(seconds(0.1, 25), 5),
  /** Also for a page that asks for more; what is left of the HTTP API's 30 s is for a login before. */
  LONGEST_POLL_SECONDS: z._default(seconds(0.1, 25), 25),
  /** What a poll may be cut to where executions run short. As it stands, to nothing shorter than ever. */
  SHORTEST_POLL_SECONDS: z._default(seconds(0.1, 25), 25),
  /** What polls may occupy at once, as packaging computes it. Unset: nothing is counted. */
  POLL_EXECUTIONS: z.optional(
    z.coerce.number('expected a number of executions').check(z.gte(1, 'expected at least 1')),
  ),
  /** In how many shares the schedule runs: whoever looks for its last run must know. */
  PREWARM_SHARES: z._default(wholeNumber(1, 16), 1),
  ALLOW_LOOPBACK_HTTP: z.pipe(
    z._default(z.enum(['true', 'false'], 'expected true or false'), 'false'),
    z.transform((value) => value === 'true'),
  ),
  /** How lines name users: by the id, or by a hash of it under the secret `log-key`. */
  LOG_USER_IDS: z._default(z.enum(['plain', 'hashed'], 'expected plain or hashed'), 'plain'),
  LOG_LEVEL: z._default(z.enum(['INFO', 'WARN', 'ERROR'], 'expected INFO, WARN or ERROR'), 'INFO'),
})

type AllSettings = z.infer<typeof Settings>
export const SETTING_NAMES = Object.keys(Settings.shape) as (keyof AllSettings)[]
export type SettingName = keyof AllSettings

/**
 * Reads the named settings. Throws SETTINGS_INVALID that names every missing or unusable setting at once,
 * with what was expected and never the value. The variables of a proxy are unusable on every stage but `local`.
 */
export const readSettings = <const Name extends SettingName>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Pick<AllSettings, Name> => {
  const mask = Object.fromEntries(names.map((name) => [name, true])) as { [K in Name]: true }
  const result = z
    .pick(Settings, mask as { [K in keyof AllSettings]?: true })
    .safeParse(Object.fromEntries(names.map((name) => [name, env[name] || undefined])))
  const proxies = proxiesIn(env)
  if (result.success && proxies.length === 0) return result.data as unknown as Pick<AllSettings, Name>
  const faults = [
    ...(result.error?.issues ?? []).map(({ path, message }) => {
      const name = path.join('.')
      return { name, told: env[name] ? message : 'missing' }
    }),
    ...proxies.map((name) => ({ name, told: 'expected to be left out: no call goes through a proxy' })),
  ]
  const told = faults.map((fault) => `${fault.name} (${fault.told})`).join('; ')
  throw new BridgeError('SETTINGS_INVALID', `settings missing or not usable: ${told}`, {
    detail: { field: faults.map(({ name }) => name).join(' ') },
  })
}

const PROXY = /^((https?|all)_proxy|node_use_env_proxy)$/i
const PROXY_OPTION = /--use-env-proxy/

/**
 * What an operator sets where calls must go through a proxy. Ours go straight, and nobody shall believe otherwise. On a
 * laptop it is the developer's own, for other programs.
 */
const proxiesIn = (env: Readonly<Record<string, string | undefined>>): string[] =>
  env['STAGE'] === 'local'
    ? []
    : Object.entries(env)
        .filter(([name, value = '']) =>
          name === 'NODE_OPTIONS' ? PROXY_OPTION.test(value) : PROXY.test(name) && value !== '',
        )
        .map(([name]) => name)
