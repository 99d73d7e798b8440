/** The one form of the tokens that our key ring signs. Issuing and verifying share it, and nothing else knows it. */

export const ALGORITHM = 'ES256'

/** A token is of one kind, told by its header alone: what verifies one kind refuses the other. */
export type TokenType = typeof TOKEN_TYPE | typeof ACCESS_TOKEN_TYPE | typeof AGENT_TOKEN_TYPE
/** Enterprise tokens, which the validate route accepts. */
export const TOKEN_TYPE = 'cec-enterprise+jwt'
/** Access tokens (RFC 9068, section 2.1), which the routes for a page accept. */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

/** Tokens of agents, which the validate route for agents accepts. */
export const AGENT_TOKEN_TYPE = 'cec-agent+jwt'

/** RFC 7519 puts no limit on a life; ours is short because CEC and every script on the page see the token. */
export const MAX_LIFETIME_SECONDS = 3600

/** Less than the above, on which the retirement of keys and the keeping of revocations rest. */
export const MAX_ACCESS_LIFETIME_SECONDS = 900

/** How far two clocks may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 5

/** How long others may keep our JWKS. Rotation waits it out before a new key signs. */
export const JWKS_MAX_AGE_SECONDS = 300

export interface TokenHeader {
  readonly alg: typeof ALGORITHM
  readonly kid: string
  readonly typ: TokenType
}

/** The protected header, in the order of members that it is serialised in. */
export const headerFor = (kid: string, typ: TokenType): TokenHeader => ({ alg: ALGORITHM, kid, typ })

/** The first segment of every token of a kind that the key `kid` signs: verification compares it as a string. */
export const headerSegment = (kid: string, typ: TokenType): string =>
  Buffer.from(JSON.stringify(headerFor(kid, typ))).toString('base64url')
