/** What every token that is issued needs: a key that may sign, and a user who may have it. */

import type { Deadline } from '../concurrency/deadline.ts'
import { assertAdmissible, isAdmissible, isKnown } from '../directory/admissible.ts'
import type { Admission, Admissions, Directory, Subject } from '../directory/directory.ts'
import { type DirectoryMode, isEndDue, keptUntil, mayProvision } from '../directory/just-in-time.ts'
import { BridgeError } from '../errors.ts'
import type { PrivateJwk } from '../schemas/key-secrets.ts'
import { JWKS, SIGNING_KEY } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { stillSigns } from '../signing-keys/key-ring.ts'
import { keyRetired, keyThatSigns, OF_THE_KEY } from '../signing-keys/key-that-signs.ts'

export interface MayIssueDeps {
  readonly secrets: SecretReader
  readonly directory: Directory
  readonly directoryMode: DirectoryMode
  /** After how many days without a token a just-in-time user is removed; 0: never. */
  readonly justInTimeDays: number
  readonly now: () => Date
  /** Counts a token against the user's limit. Throws RATE_EXCEEDED. */
  readonly limit: (user: Subject, deadline: Deadline) => Promise<void>
}

/** Who asks for the token. */
export interface Requester {
  readonly scopes: readonly string[]
}

/**
 * The key that signs, and the admission of an active user whom the directory knows under that name. A requester who may
 * provision enters an unknown user, and renames a known one, first. The key is read first, out of memory but for one
 * request in five minutes, so that the one read of the directory can ask about both. A call is counted once the directory knows
 * the user, or its requester may enter it: ids that nobody has use up no limit and write nothing. The end of a just-in-time user is
 * written anew, at most once a day. Throws what `keyAndAdmission` throws,
 * USER_UNKNOWN, RATE_EXCEEDED, USER_NAME_DIFFERS, USER_DISABLED, and what secrets and directory throw.
 */
export const mayIssue = (deps: MayIssueDeps) => {
  const { directory, directoryMode, justInTimeDays, limit, now } = deps
  const current = keyAndAdmission(deps)
  return async (
    user: Subject & { readonly userName: string },
    { scopes }: Requester,
    deadline: Deadline,
  ): Promise<KeyAndAdmission> => {
    let found = await current(user, deadline)
    const known = found.admission.user
    const mayEnter = mayProvision(directoryMode, scopes)
    if (isKnown(known) || mayEnter) await limit(user, deadline)
    const at = Math.floor(now().getTime() / 1000)
    const kept = { ...user, at, keepUntil: keptUntil(justInTimeDays, at) }
    const isDue = directoryMode === 'on-issue' && isKnown(known) && isEndDue(known, justInTimeDays, at)
    // Swept this very moment, it is a user whom nobody knows.
    if (isDue && isAdmissible(found.admission, user) && !(await directory.keepUser(kept, deadline)))
      found = await current(user, deadline)
    if (!isAdmissible(found.admission, user) && mayEnter) {
      await directory.provision(kept, deadline)
      found = await current(user, deadline)
    }
    assertAdmissible(found.admission, user)
    return found
  }
}

export interface KeyAndAdmission {
  readonly key: PrivateJwk
  readonly admission: Admission
}

/**
 * The key that signs, and what the directory says of the subject. A fault of the key is looked at once more with newer
 * copies of both secrets; that is granted once in 30 s, and until then this sandbox refuses. Throws KEYS_NOT_INITIALISED,
 * KEY_UNPUBLISHED, KEY_TOO_YOUNG, KEY_RETIRED, KEY_REVOKED.
 */
export const keyAndAdmission =
  ({ secrets, directory, now }: Pick<MayIssueDeps, 'secrets' | 'now'> & { readonly directory: Admissions }) =>
  async (subject: Parameters<Admissions['admission']>[0], deadline: Deadline): Promise<KeyAndAdmission> => {
    const found = async (force: boolean): Promise<KeyAndAdmission> => {
      const [signingKey, jwks] = await Promise.all([
        secrets.read(SIGNING_KEY, { deadline, force }),
        secrets.read(JWKS, { deadline, force }),
      ])
      const key = keyThatSigns({ signingKey: signingKey.value, jwks: jwks.value }, now())
      const admission = await directory.admission({ ...subject, kid: key.kid }, deadline)
      if (admission.isKeyRevoked)
        throw new BridgeError('KEY_REVOKED', 'expected a signing key that is not revoked')
      if (!stillSigns(admission.keyEndsAt, now())) throw keyRetired()
      return { key, admission }
    }
    try {
      return await found(false)
    } catch (error) {
      if (error instanceof BridgeError && OF_THE_KEY.has(error.code)) return found(true)
      throw error
    }
  }
