/** Identity providers' tokens as they come: the entry that the document gives for each, and the claims of a user and a back end. */

export const NOW_SECONDS = 1_800_000_000
export const TENANT = '202007159031'
export const TIMES = { iat: NOW_SECONDS - 60, exp: NOW_SECONDS + 3_540 }
export const OURS = 'https://tokens.example.com'
export const UUID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
export const SERVICE_UUID = 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee'

export interface Shape {
  readonly head: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** A token that differs from a good one of the provider's, and how it is refused. */
export interface Refusal {
  readonly what: string
  /** The good token that it is made of. Default the user's. */
  readonly of?: 'backEnd'
  readonly head?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly code: string
  readonly field?: string
}

export interface ProviderCase {
  readonly name: string
  readonly issuers: readonly object[]
  readonly user?: Shape
  readonly backEnd?: Shape
  /** The claim's value that the userId is derived of, or the userId itself. */
  readonly derivedOf?: string
  readonly userId?: string
  readonly userName?: string
  readonly refused: readonly Refusal[]
}

const listed = { tenant: TENANT, scopes: ['chat:relay'] }
export const users = (entry: object) => ({ callerId: 'staff', kind: 'user', ...listed, ...entry })
export const backEnds = (entry: object) => ({ callerId: 'jobs', kind: 'back-end', ...listed, ...entry })
export const jwt = { alg: 'RS256', kid: 'k1', typ: 'JWT' }
export const untyped = { alg: 'RS256', kid: 'k1' }
export const atJwt = { alg: 'RS256', kid: 'k1', typ: 'at+jwt' }
