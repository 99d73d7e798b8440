/** What identity providers' tokens look like: for each provider the members that an entry of `issuers` may then leave out. */

import { isObject } from './pasted.ts'
import { oneOf } from './setting-types.ts'

export const providerName = oneOf(['keycloak', 'entra', 'auth0', 'okta', 'cognito', 'google'])

type Members = Readonly<Record<string, unknown>>

/** `access` and `userAccess` are left out where the entry asks for ID tokens. */
type Part = 'all' | 'access' | 'user' | 'userAccess' | 'backEnd' | 'idTokens'

/** Which parts fill an entry, later ones over earlier ones. */
const PARTS = {
  backEnd: ['all', 'access', 'backEnd'],
  user: ['all', 'access', 'user', 'userAccess'],
  idTokens: ['all', 'user', 'idTokens'],
} as const satisfies Record<string, readonly Part[]>

/** A UUID, or longer: no userId of CEC's. */
const LONG_SUB = { userClaim: 'sub', userIdForm: 'sha256-24' }
const ENTRA = {
  user: { userClaim: 'oid', userIdForm: 'sha256-24' },
  // Users' and apps' tokens share issuer and audience. Only those of users have scopes.
  userAccess: { requiredClaims: { scp: true } },
  backEnd: { requiredClaims: { scp: false } },
  // How the client proved itself, by version. Only access tokens say so, an app's of its own as well.
  idTokens: { requiredClaims: { azpacr: false, appidacr: false } },
}

const PRESETS: Readonly<Record<string, Partial<Record<Part, Members>>>> = {
  keycloak: {
    access: { tokens: 'jwt', clientClaim: 'azp', requiredClaims: { typ: 'Bearer' } },
    user: LONG_SUB,
    idTokens: { requiredClaims: { typ: 'ID' } },
  },
  entra: { ...ENTRA, access: { tokens: 'jwt', clientClaim: 'azp' } },
  'entra v1': {
    ...ENTRA,
    all: { jwksUri: 'https://login.windows.net/common/discovery/keys' },
    access: { tokens: 'jwt', clientClaim: 'appid' },
  },
  // `azp` or `client_id`, by the API's dialect.
  auth0: {
    access: { tokens: 'jwt' },
    user: LONG_SUB,
    userAccess: { nameFrom: 'directory', requiredClaims: { gty: false } },
  },
  okta: {
    access: { tokens: 'jwt', clientClaim: 'cid' },
    userAccess: { userClaim: 'uid', nameFrom: 'directory', requiredClaims: { uid: true } },
    backEnd: { requiredClaims: { uid: false } },
  },
  cognito: {
    access: { tokens: 'jwt', clientClaim: 'client_id', requiredClaims: { token_use: 'access' } },
    user: LONG_SUB,
    userAccess: { nameFrom: 'directory', requiredClaims: { username: true } },
    backEnd: { requiredClaims: { username: false } },
    idTokens: { requiredClaims: { token_use: 'id' } },
  },
  // Only ID tokens are JWTs. A service account may choose the `aud` of its own, and is then its `azp`.
  google: {
    all: {
      issuer: 'https://accounts.google.com',
      jwksUri: 'https://www.googleapis.com/oauth2/v3/certs',
      acceptIdTokens: true,
    },
    idTokens: { requiredClaims: { azp: true } },
  },
}

/** A preset's member that says something about another one: it is taken only where the entry leaves out that one as well. */
const GOES_WITH: Readonly<Record<string, string>> = { userIdForm: 'userClaim', nameFrom: 'userNameClaim' }

/** Entra ID's tokens of version 1 have an issuer of their own. */
const presetOf = ({ provider, issuer }: Members): (typeof PRESETS)[string] => {
  if (typeof provider !== 'string' || !Object.hasOwn(PRESETS, provider)) return {}
  const isFirst = provider === 'entra' && String(issuer).startsWith('https://sts.windows.net/')
  return PRESETS[isFirst ? 'entra v1' : provider] ?? {}
}

/** The entry with what it leaves out as its provider has it. Claims of `requiredClaims` are filled one by one; `null` drops one. */
export const filledByPreset = (entry: unknown): unknown => {
  if (!isObject(entry)) return entry
  const own = entry as Members
  const preset = presetOf(own)
  const accepts = own['acceptIdTokens'] ?? preset.all?.['acceptIdTokens']
  const kind = own['kind'] === 'back-end' ? 'backEnd' : String(accepts) === 'true' ? 'idTokens' : 'user'
  const parts = PARTS[kind].map((part) => preset[part] ?? {})
  const members = Object.entries(Object.assign({}, ...parts)).filter(
    ([name]) =>
      own[name] === undefined && own[GOES_WITH[name] ?? name] === undefined && !isOfUsersAlone(name, kind),
  )
  const claims = [...parts, own].map(({ requiredClaims }) => requiredClaims)
  const isMerged =
    claims.some((one) => one !== undefined) && claims.every((one) => one === undefined || isObject(one))
  return {
    ...own,
    ...Object.fromEntries(members),
    ...(isMerged ? { requiredClaims: merged(claims) } : {}),
  }
}

/** Not by `Object.assign`, which would lose a claim `__proto__`: every claim that is demanded counts. */
const merged = (objects: readonly unknown[]): object =>
  Object.fromEntries(objects.flatMap((one) => Object.entries(one ?? {})))

const isOfUsersAlone = (name: string, kind: string): boolean =>
  name === 'acceptIdTokens' && kind === 'backEnd'
