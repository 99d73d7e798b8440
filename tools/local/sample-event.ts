/** Sample events hold `{{placeholders}}` where a token belongs, because a token is good for an hour at most. */

import { randomBytes } from 'node:crypto'
import { ACCESS_TOKEN_TYPE, AGENT_TOKEN_TYPE, TOKEN_TYPE, type TokenType } from '../../lib/jwt/format.ts'
import { signClaims } from '../../lib/jwt/sign.ts'
import { ACCESS_SCOPES, accessAudience } from '../../lib/schemas/access-token.ts'
import { AGENT_AUDIENCE_PREFIX } from '../../lib/schemas/agent-token.ts'
import { AUDIENCE_PREFIX, type EnterpriseTokenClaims } from '../../lib/schemas/enterprise-token.ts'
import { type PrivateJwk, SigningKeySecret } from '../../lib/schemas/key-secrets.ts'
import { newKey } from '../../lib/signing-keys/key-ring.ts'
import { CecSettings } from '../../lib/vendors/cec/settings.ts'
import { LOCAL_AGENT, LOCAL_CHANNEL, LOCAL_RTC_CHANNEL, LOCAL_TENANT, LOCAL_USER } from './constants.ts'

export interface SampleEventOptions {
  /** The text of `<prefix>/signing-key`: its active key signs. Read only for an event that needs a token. */
  readonly signingKey: string
  /** The text of `<prefix>/tenants/<tenant>/cec`: where a chat token comes from. Read only for an event that needs one. */
  readonly cecSettings: string
  /** The `iss` of the tokens. */
  readonly issuer: string
  readonly now: Date
  /**
   * The epochs of tenant and user that a user's token is issued under. Asked for an event that needs such a token. Default those of the
   * local stage's user, which begin at 0; another stage's begin anywhere.
   */
  readonly userVersion?: () => Promise<string>
  /** Begins a rotation of `<prefix>/signing-key` and returns its ClientRequestToken. */
  readonly startRotation: () => string
}

/** Life of a sample token in seconds. */
const LIFETIME_SECONDS = 300

/** Nothing was ever revoked. */
const NO_EPOCH = '0.0'

/** A body that starts with this is filled first and then encoded, as API Gateway hands over what it takes for binary. */
const BASE64_MARKER = '{{base64}}'

/** What each placeholder stands for. Only the one thing that its name says is wrong with a token. */
const PLACEHOLDERS: Record<string, (options: SampleEventOptions) => Promise<string>> = {
  enterpriseToken: (options) => token(options),
  expiredEnterpriseToken: (options) =>
    token({ ...options, now: new Date(options.now.getTime() - 2 * LIFETIME_SECONDS * 1000) }),
  tamperedEnterpriseToken: async (options) => withOneCharacterChanged(await token(options)),
  foreignEnterpriseToken: async (options) => {
    const key = { ...(await newKey('active')), kid: activeKey(options).kid }
    return token({ ...options, signingKey: JSON.stringify({ keys: [key] }) })
  },
  accessToken: (options) => accessToken(options),
  narrowAccessToken: (options) =>
    accessToken(options, { scope: 'live-token:issue', rtcChannelIds: undefined }),
  expiredAccessToken: (options) =>
    accessToken({ ...options, now: new Date(options.now.getTime() - 2 * LIFETIME_SECONDS * 1000) }),
  foreignCallerKey: async () => `ctb_${randomBytes(32).toString('base64url')}`,
  chatToken: ({ cecSettings }) => chatToken(cecSettings),
  agentToken: (options) => agentToken(options),
  expiredAgentToken: (options) =>
    agentToken({ ...options, now: new Date(options.now.getTime() - 2 * LIFETIME_SECONDS * 1000) }),
  rotationToken: async ({ startRotation }) => startRotation(),
  unknownUserEnterpriseToken: (options) => token(options, { sub: '10019999', name: 'Nobody' }),
}

/**
 * A copy of the event with every placeholder in every string replaced. Throws for a placeholder it does not
 * know, and for a token from a ring without an active key. An event without placeholders needs no ring.
 */
export const fillSampleEvent = async <T>(event: T, options: SampleEventOptions): Promise<T> =>
  (await fill(event, options)) as T

const fill = async (value: unknown, options: SampleEventOptions): Promise<unknown> => {
  if (typeof value === 'string') return fillString(value, options)
  if (Array.isArray(value)) return Promise.all(value.map((item) => fill(item, options)))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(
    async ([name, item]) => [name, await fill(item, options)] as const,
  )
  return Object.fromEntries(await Promise.all(members))
}

const fillString = async (text: string, options: SampleEventOptions): Promise<string> => {
  if (text.startsWith(BASE64_MARKER)) {
    const filled = await fillString(text.slice(BASE64_MARKER.length), options)
    return Buffer.from(filled).toString('base64')
  }
  let filled = text
  for (const [placeholder, name = ''] of text.matchAll(/\{\{(\w+)\}\}/g)) {
    const make = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined
    if (!make)
      throw new Error(`sample event: unknown placeholder ${placeholder}, see tools/local/sample-event.ts`)
    filled = filled.replace(placeholder, await make(options))
  }
  return filled
}

const token = async (
  options: SampleEventOptions,
  changes: Partial<EnterpriseTokenClaims> = {},
): Promise<string> => {
  const ver = await userVersion(options)
  return signed(options, TOKEN_TYPE, { aud: AUDIENCE_PREFIX + LOCAL_TENANT, ver, ...changes })
}

const userVersion = async ({ userVersion: version }: SampleEventOptions): Promise<string> =>
  version === undefined ? NO_EPOCH : version()

/** A claim that is undefined is left out. */
const agentToken = (options: SampleEventOptions): Promise<string> =>
  signed(options, AGENT_TOKEN_TYPE, {
    aud: AGENT_AUDIENCE_PREFIX + LOCAL_TENANT,
    sub: LOCAL_AGENT,
    name: undefined,
  })

const accessToken = async (options: SampleEventOptions, changes: object = {}): Promise<string> =>
  signed(options, ACCESS_TOKEN_TYPE, {
    ver: await userVersion(options),
    aud: accessAudience(options.issuer),
    tenantSpaceId: LOCAL_TENANT,
    scope: ACCESS_SCOPES.join(' '),
    client_id: 'local-development',
    rtcChannelIds: [LOCAL_RTC_CHANNEL],
    ...changes,
  })

const signed = (options: SampleEventOptions, typ: TokenType, claims: object): Promise<string> => {
  const iat = Math.floor(options.now.getTime() / 1000)
  const all = {
    iss: options.issuer,
    sub: LOCAL_USER.userId,
    name: LOCAL_USER.userName,
    jti: randomBytes(16).toString('base64url'),
    ver: NO_EPOCH,
    iat,
    exp: iat + LIFETIME_SECONDS,
    ...claims,
  }
  return signClaims(all, activeKey(options), typ)
}

/** Asks CEC for a chat token as its documents say, without our functions: an event for one must not need another. */
const chatToken = async (cecSettings: string): Promise<string> => {
  const { tokenUrl, applyTokenUrl, appKey, appSecret, tokenExpireSeconds } = CecSettings.parse(
    JSON.parse(cecSettings),
  )
  const { AccessToken } = await post(
    tokenUrl,
    { 'x-token-expire': String(tokenExpireSeconds) },
    { app_key: appKey, app_secret: appSecret },
  )
  const { token } = await post(
    applyTokenUrl,
    { 'x-app-key': appKey, authorization: `Bearer ${AccessToken}` },
    { ...LOCAL_USER, channelId: LOCAL_CHANNEL, locale: 'en' },
  )
  if (token === undefined) throw new Error('sample event: CEC gave no chat token')
  return token
}

/** The answer's text members. Throws for any status but 200, without a word of the answer. */
const post = async (
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<Partial<Record<string, string>>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (response.status !== 200) throw new Error(`sample event: ${url} answered ${response.status}`)
  return (await response.json()) as Partial<Record<string, string>>
}

const activeKey = ({ signingKey }: SampleEventOptions): PrivateJwk => {
  const { keys } = SigningKeySecret.parse(JSON.parse(signingKey))
  const key = keys.find(({ state }) => state === 'active')
  if (!key) throw new Error('sample event: the signing-key secret has no active key to sign a token with')
  return key
}

/** In the middle of the claims, so that the encoding stays canonical and only the signature can tell. */
const withOneCharacterChanged = (jwt: string): string => {
  const at = Math.floor(jwt.length / 2)
  return jwt.slice(0, at) + (jwt[at] === 'A' ? 'B' : 'A') + jwt.slice(at + 1)
}
