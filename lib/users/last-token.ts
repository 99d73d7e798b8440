/** When the last token of a user is dead, which its tombstone must outlive. */

import type { Deadline } from '../concurrency/deadline.ts'
import { lastTokenEnds } from '../jwt/last-token.ts'
import { MOST_AGE_SECONDS } from '../schemas/issuers.ts'
import type { TakenCallers } from '../schemas/taken-callers.ts'
import { CALLERS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'

/**
 * Epoch seconds from which on no token of a user can be good that was made by `now`: neither one of ours nor one of an identity
 * provider whose users may call. What the callers table lists is not read for it: the longest that an entry may say counts instead.
 */
export const lastUserTokenEnds = (
  now: Date,
  { issuers, table }: Pick<TakenCallers, 'issuers' | 'table'>,
): number => {
  const ages = issuers.flatMap(({ kind, maxAgeSeconds }) => (kind === 'user' ? [maxAgeSeconds] : []))
  // With a token of theirs a page may be under way as long as with ours: both lives are added up.
  return lastTokenEnds(now) + Math.max(0, ...ages, table ? MOST_AGE_SECONDS : 0)
}

/** The same by the stage's own callers. Throws what reading their secret throws. */
export const lastUserToken =
  ({ secrets, now }: { readonly secrets: SecretReader; readonly now: () => Date }) =>
  async (deadline: Deadline): Promise<number> =>
    lastUserTokenEnds(now(), (await secrets.read(CALLERS, { deadline })).value)
