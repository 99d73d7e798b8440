/** Verification of the tokens of our key ring: one list of steps for every kind, in the one order that gives nothing away. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Admissions } from '../directory/directory.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { admission, audience, expiry, issuer, lifetime, passing, subject } from './checks.ts'
import type { SignedClaims, TokenProfile } from './profile.ts'
import { claims, form, header, signature, type TokenNames } from './proof.ts'

export interface VerifyDeps {
  readonly secrets: SecretReader
  readonly directory: Admissions
  readonly issuer: string
  readonly now: () => Date
}

/** A token, and what it is held against. */
export interface Presented<Claims, Asked> {
  readonly text: string
  readonly asked: Asked
  /** Is told what names the token once its signature holds: also of one that is then refused. */
  readonly onSigned: (names: TokenNames, claims: Claims) => void
}

/**
 * Gives the claims of a good token. Throws the code of the first step that refuses it, of the kind's own family,
 * KEYS_NOT_INITIALISED, and what secrets and directory throw. Counts nothing: a token may be shown again and again.
 */
export const signedTokenVerifier =
  <Claims extends SignedClaims, Asked>(deps: VerifyDeps, profile: TokenProfile<Claims, Asked>) =>
  ({ text, asked, onSigned }: Presented<Claims, Asked>, deadline: Deadline): Promise<Claims> => {
    const expected = { audience: profile.audience(asked, deps.issuer), subject: profile.subject(asked) }
    return Promise.resolve({ deps, profile, text, expected, onSigned, deadline })
      .then(form) //               TOO_LARGE, MALFORMED
      .then(header) //             HEADER_UNKNOWN, KEY_RETIRED
      .then(signature) //          SIGNATURE_INVALID
      .then(claims) //             CLAIMS_INVALID
      .then(passing(lifetime)) //  CLAIMS_INVALID, LIFETIME_TOO_LONG, ISSUED_AHEAD
      .then(passing(issuer)) //    ISSUER_WRONG
      .then(passing(audience)) //  the profile's own
      .then(passing(expiry)) //    EXPIRED
      .then(passing(subject)) //   the profile's own
      .then(passing(admission)) // KEY_REVOKED, USER_UNKNOWN, USER_INACTIVE, REVOKED
      .then((token) => token.claims)
  }
