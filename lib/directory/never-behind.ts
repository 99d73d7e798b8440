/** Admissions out of a memory that a token can be ahead of. */

import { type Admissions, versionOf } from './directory.ts'

/**
 * What is remembered, but asked about anew for a token whose `ver` is ahead of it: such a token was issued after a revocation that the
 * memory does not know yet. Neither a token that is behind nor one that a revoked key has signed costs a read.
 */
export const neverBehind = (remembered: Admissions, anew: Admissions): Admissions => ({
  admission: async (asked, deadline) => {
    const found = await remembered.admission(asked, deadline)
    const isStale = !found.isKeyRevoked && isAhead(asked.ver, versionOf(found))
    return isStale ? anew.admission(asked, deadline) : found
  },
})

/** Of either epoch, the tenant's and the user's. A text of another form is ahead of nothing. */
const isAhead = (ver: string | undefined, known: string): boolean => {
  const epochs = known.split('.').map(Number)
  return (ver ?? '').split('.').some((epoch, index) => Number(epoch) > (epochs[index] ?? Number.NaN))
}
