/** What an attack is: a good request of a route, its one fault, and what must come of it. */

import type { RequestParts } from '../support/world.ts'
import type { RouteName } from './routes.ts'
import type { AttackWorld } from './world.ts'

/** Requests that a service received; what is not named must have received none. */
export type Calls = Partial<Record<'secrets' | 'cec' | 'oiap' | 'live' | 'providers', number>>

export interface Attack {
  readonly theme: string
  readonly attack: string
  readonly route: RouteName
  /** Of the one log line; status and body follow from docs/reference/errors.md (verdicts.ts). A success: tried, and harmless. */
  readonly code: string
  /** The good request with its one fault. */
  readonly spoil: (good: RequestParts, world: AttackWorld) => RequestParts | Promise<RequestParts>
  /** The good request, where the route's own one will not do. */
  readonly twin?: (world: AttackWorld) => RequestParts
  /** Default: what the route needs for a success, nothing for a refusal. */
  readonly calls?: Calls
}

type Spoil = Attack['spoil']

/** A code for every route, or for the routes named one of their own. */
export type CodeOf = string | ({ readonly default: string } & Partial<Record<RouteName, string>>)

export const codeFor = (code: CodeOf, route: RouteName): string =>
  typeof code === 'string' ? code : (code[route] ?? code.default)

/** One fault on each of several routes. */
export const onEach = (
  theme: string,
  routes: readonly RouteName[],
  lines: readonly (readonly [attack: string, code: CodeOf, spoil: Spoil])[],
): Attack[] =>
  lines.flatMap(([attack, code, spoil]) =>
    routes.map((route) => ({ theme, attack, route, code: codeFor(code, route), spoil })),
  )

/** The request with members of its body changed; `undefined` leaves a member out. */
export const withBody = (good: RequestParts, changes: object): RequestParts => ({
  ...good,
  body: { ...(good.body as object), ...changes },
})

/** The request with another text in place of its body. */
export const withText = ({ body, ...good }: RequestParts, rawBody: string): RequestParts => ({
  ...good,
  rawBody,
})

/** The request with bytes in place of its body, as API Gateway hands over what it does not take for text. */
export const withBytes = ({ body, ...good }: RequestParts, bytes: Buffer): RequestParts => ({
  ...good,
  rawBody: bytes.toString('base64'),
  isBase64Encoded: true,
})

/** The request with headers changed; `undefined` leaves a header out. */
export const withHeaders = (
  good: RequestParts,
  changes: Record<string, string | undefined>,
): RequestParts => ({
  ...good,
  headers: Object.fromEntries(
    Object.entries({ ...good.headers, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  ),
})

/** The request with another credential of its caller's. */
export const withBearer = (good: RequestParts, credential: string): RequestParts =>
  withHeaders(good, { authorization: `Bearer ${credential}` })
