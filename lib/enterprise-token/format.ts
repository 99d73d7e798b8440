/** The enterprise token's one form. Issuing and verifying share it, and nothing else knows it. */

export const ALGORITHM = 'ES256'
export const TOKEN_TYPE = 'cec-enterprise+jwt'

/** RFC 7519 puts no limit on a life; ours is short because CEC and every script on the page see the token. */
export const MAX_LIFETIME_SECONDS = 3600

/** How far two clocks may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 5

/** How long others may keep our JWKS. Rotation waits it out before a new key signs. */
export const JWKS_MAX_AGE_SECONDS = 300

export interface TokenHeader {
  readonly alg: typeof ALGORITHM
  readonly kid: string
  readonly typ: typeof TOKEN_TYPE
}

/** The protected header, in the order of members that it is serialised in. */
export const headerFor = (kid: string): TokenHeader => ({ alg: ALGORITHM, kid, typ: TOKEN_TYPE })

/** The first segment of every token that the key `kid` signs: verification compares it as a string. */
export const headerSegment = (kid: string): string =>
  Buffer.from(JSON.stringify(headerFor(kid))).toString('base64url')
