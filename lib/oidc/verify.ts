/** Verification of an identity provider's tokens, by the issuers that the callers secret lists and nothing of the token's. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { type CompactToken, claimsIn, jsonIn } from '../jwt/compact.ts'
import { refusals } from '../jwt/refusal.ts'
import { signedPayload } from '../jwt/signature.ts'
import type { UserIdSettings } from '../schemas/ids.ts'
import type { Issuer } from '../schemas/issuers.ts'
import { faultyField } from '../schemas/issues.ts'
import { OidcClaims, OidcHeader } from '../schemas/oidc.ts'
import { admitted, type OidcHolder, type Signed } from './admit.ts'
import type { ProviderKeys } from './provider-keys.ts'
import { declaredType } from './token-type.ts'

export interface OidcDeps {
  readonly keys: ProviderKeys
  readonly now: () => Date
  /** What a userId may look like; a claim that does not fit is refused, never folded. */
  readonly userIds: UserIdSettings
}

type Entries = readonly [Issuer, ...Issuer[]]

const refused = refusals('OIDC')

/** A token that says it is of one of `entries`, all of one issuer. */
export interface PresentedOidcToken {
  readonly token: CompactToken
  readonly entries: Entries
  /** What entries say that could not be taken, of any issuer: a `sub` among it is no user's. None by default. */
  readonly leftOutTexts?: readonly string[]
  /**
   * Is told the token's entry once its signature and audience hold, also of one that is then refused, and how many listed
   * audiences it carries. Is told again where one entry refuses it and another may take it.
   */
  readonly onSigned?: (entry: Issuer, audiences: number) => void
}

/**
 * Gives whom a good token stands for: header, signature, claims, audience, and then what the first entry that takes it
 * says, those of back ends first. Does not ask whether the user is known. Throws the OIDC_… codes, and what `keys` throws.
 */
export const oidcVerifier =
  ({ keys, now, userIds }: OidcDeps) =>
  async (
    { token, entries, leftOutTexts = [], onSigned = () => undefined }: PresentedOidcToken,
    deadline: Deadline,
  ): Promise<OidcHolder> => {
    const [{ issuer, jwksUri }] = entries
    const { alg, kid, typ } = headerOf(token)
    const type = declaredType(typ)
    if (type === undefined) throw refused('TYPE_REFUSED', 'expected typ at+jwt')
    const key = await keys({ issuer, jwksUri }, { kid, alg }, deadline)
    if (key === undefined) throw refused('KEY_UNKNOWN', "expected a key of the issuer's set")
    const payload = await signedPayload(token, { key, algorithm: alg }, refused)
    const claims = claimsIn(payload, OidcClaims, refused)
    if (claims.iss !== issuer) throw refused('CLAIMS_INVALID', 'expected the issuer as iss', { field: 'iss' })
    const candidates = entriesFor(claims, entries)
    const audiences = new Set(candidates.map(({ audience }) => audience)).size
    const listed = entries.flatMap((entry) => (entry.kind === 'back-end' ? entry.subjects : []))
    const backEnds = [...listed, ...leftOutTexts]
    return firstTaken(candidates, { claims, type, backEnds, now: now(), userIds }, (entry) =>
      onSigned(entry, audiences),
    )
  }

const headerOf = ({ header }: CompactToken): OidcHeader => {
  const result = OidcHeader.safeParse(jsonIn(Buffer.from(header, 'base64url')))
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw refused('HEADER_INVALID', `expected another ${field} in the header`, { field })
}

/** An entry without an audience takes tokens without `aud` alone: any other token was meant for somebody else. */
const entriesFor = ({ aud }: OidcClaims, entries: Entries): Entries => {
  const isFor = ({ audience }: Issuer): boolean =>
    audience === undefined ? aud === undefined : aud?.includes(audience) === true
  const [first, ...others] = [
    ...entries.filter((entry) => entry.kind === 'back-end' && isFor(entry)),
    ...entries.filter((entry) => entry.kind === 'user' && isFor(entry)),
  ]
  if (first !== undefined) return [first, ...others]
  if (aud === undefined) throw refused('CLAIMS_INVALID', 'expected claim aud', { field: 'aud' })
  throw refused('AUDIENCE_WRONG', 'expected a configured audience in aud', { field: 'aud' })
}

/** The last one's refusal stands where none takes it: a user's, where users may come. */
const firstTaken = (
  [entry, ...others]: Entries,
  signed: Signed,
  onTried: (entry: Issuer) => void,
): OidcHolder => {
  onTried(entry)
  try {
    return admitted(entry, signed)
  } catch (error) {
    const [next, ...more] = others
    if (next === undefined || !(error instanceof BridgeError)) throw error
    return firstTaken([next, ...more], signed, onTried)
  }
}
