/** The kinds of signed token: how a good one is made, where it is taken, and what each fault is called there. */

import { type KeyObject, randomBytes } from 'node:crypto'
import { BACK_END, BACK_END_AUDIENCE, USER_AUDIENCE } from '../support/identity-provider.ts'
import {
  accessClaims,
  accessHeader,
  agentClaims,
  agentHeader,
  claims,
  header,
  mint,
} from '../support/mint.ts'
import { type RequestParts, USER } from '../support/world.ts'
import { type Attack, withBearer, withBody } from './attack.ts'
import { type RouteName, routeOf } from './routes.ts'
import type { AttackWorld } from './world.ts'

type Members = Record<string, unknown>

interface TokenKind {
  readonly kind: string
  /** A route that takes it, and how it is presented there. */
  readonly route: RouteName
  readonly put: (good: RequestParts, token: unknown) => RequestParts
  /** What the log codes of its own checks begin with. */
  readonly family: string
  /** A token that is not in the one written form: on its own, or not even a credential. */
  readonly form: string
  readonly signer: (world: AttackWorld) => { readonly kid: string; readonly key: KeyObject }
  readonly header: (kid: string, changes?: Members) => Members
  readonly claims: (world: AttackWorld, changes?: Members) => Members
}

const bearer: TokenKind['put'] = (good, token) => withBearer(good, String(token))
const ring: TokenKind['signer'] = ({ tokens }) => ({ kid: tokens.kid, key: tokens.trueKey })

const provided = {
  put: bearer,
  family: 'OIDC',
  form: 'CALLER_MALFORMED',
  signer: ({ providers }) => providers.main.ecKey,
  header: accessHeader,
} as const satisfies Partial<TokenKind>

export const TOKEN_KINDS = {
  enterprise: {
    kind: 'enterprise token',
    route: 'validate',
    put: (good, token) => withBody(good, { Token: token }),
    family: 'TOKEN',
    form: 'TOKEN_MALFORMED',
    signer: ring,
    header,
    claims: (_, changes) => claims(changes),
  },
  agent: {
    kind: 'agent token',
    route: 'validateAgent',
    put: (good, token) => withBody(good, { access_token: token }),
    family: 'TOKEN',
    form: 'TOKEN_MALFORMED',
    signer: ring,
    header: agentHeader,
    claims: (_, changes) => agentClaims(changes),
  },
  access: {
    kind: 'access token',
    route: 'applyToken',
    put: bearer,
    family: 'ACCESS_TOKEN',
    form: 'CALLER_MALFORMED',
    signer: ring,
    header: accessHeader,
    claims: (_, changes) => accessClaims(changes),
  },
  /** A back end's, on a route that answers from memory. */
  oidc: {
    ...provided,
    kind: 'OIDC token',
    route: 'appCubeToken',
    claims: ({ providers: { main } }, changes) =>
      oidcClaims(main.issuer, { aud: BACK_END_AUDIENCE, sub: BACK_END, ...changes }),
  },
  oidcUser: {
    ...provided,
    kind: "OIDC user's token",
    route: 'issue',
    claims: ({ providers: { main } }, changes) => oidcClaims(main.issuer, changes),
  },
} as const satisfies Record<string, TokenKind>

export type KindName = keyof typeof TOKEN_KINDS

/** What the provider writes into a user's access token, changed and with members left out. */
export const oidcClaims = (iss: string, changes: Members = {}): Members => {
  const iat = Math.floor(Date.now() / 1000)
  const jti = randomBytes(16).toString('base64url')
  const all = { iss, aud: USER_AUDIENCE, sub: USER.userId, name: USER.userName, jti, iat, exp: iat + 600 }
  return Object.fromEntries(Object.entries({ ...all, ...changes }).filter(([, value]) => value !== undefined))
}

/** What tokens of one kind are made of, in one world. */
export interface Forge {
  readonly world: AttackWorld
  readonly kid: string
  /** The true key. */
  readonly key: KeyObject
  readonly header: (changes?: Members) => Members
  readonly claims: (changes?: Members) => Members
  /** A new good token. */
  readonly good: () => string
}

export const forgeOf = (name: KindName, world: AttackWorld): Forge => {
  const kind: TokenKind = TOKEN_KINDS[name]
  const { kid, key } = kind.signer(world)
  return {
    world,
    kid,
    key,
    header: (changes) => kind.header(kid, changes),
    claims: (changes) => kind.claims(world, changes),
    good: () => mint(kind.header(kid), kind.claims(world), key),
  }
}

/** The fault of a token that is good: tried, and harmless. */
export const TAKEN = 'TAKEN'

/** A fault's name behind a kind's family, FORM, TAKEN or a whole code: of every kind but users' tokens, or by kind. */
export type Fault = string | Partial<Record<KindName, string>>

const WHOLE = /^(BODY|CALLER|OIDC)_|^SCOPE_MISSING$|_FORBIDDEN$/

const codeOf = (name: KindName, fault: string): string => {
  const { family, form, route } = TOKEN_KINDS[name]
  if (fault === 'FORM') return form
  if (fault === TAKEN) return routeOf(route).success
  return WHOLE.test(fault) ? fault : `${family}_${fault}`
}

/** A spoilt token, from what an attacker may have: everything but the private keys, unless it says so. */
export type TokenLine = readonly [attack: string, fault: Fault, token: (forge: Forge) => unknown]

/** Each line for each kind that it has a fault for. */
export const asTokens = (theme: string, lines: readonly TokenLine[]): Attack[] =>
  (Object.keys(TOKEN_KINDS) as KindName[]).flatMap((name) => {
    const { route, put, kind } = TOKEN_KINDS[name]
    return lines.flatMap(([attack, fault, token]): Attack[] => {
      const word = typeof fault !== 'string' ? fault[name] : name === 'oidcUser' ? undefined : fault
      if (word === undefined) return []
      return [
        {
          theme,
          attack: `${kind}: ${attack}`,
          route,
          code: codeOf(name, word),
          twin: (world) => put(routeOf(route).good(world), forgeOf(name, world).good()),
          spoil: async (good, world) => put(good, await token(forgeOf(name, world))),
        },
      ]
    })
  })
