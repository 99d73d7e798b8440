/** What every token that is issued needs: a key that may sign, and a user who may have it. */

import type { Deadline } from '../concurrency/deadline.ts'
import { assertAdmissible, isAdmissible, isKnown } from '../directory/admissible.ts'
import type { Admission, Admissions, Directory, Subject } from '../directory/directory.ts'
import { type DirectoryMode, mayProvision } from '../directory/just-in-time.ts'
import { BridgeError } from '../errors.ts'
import type { PrivateJwk, SigningKeySecret } from '../schemas/key-secrets.ts'
import { SIGNING_KEY } from '../secrets/definitions.ts'
import type { ReadOptions, SecretReader } from '../secrets/reader.ts'
import { notInitialised } from '../signing-keys/verification-keys.ts'

export interface MayIssueDeps {
  readonly secrets: SecretReader
  readonly directory: Directory
  readonly directoryMode: DirectoryMode
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
 * the user, or is about to: ids that nobody has use up no limit and write nothing. Throws KEYS_NOT_INITIALISED, KEY_REVOKED,
 * USER_UNKNOWN, RATE_EXCEEDED, USER_NAME_DIFFERS, USER_DISABLED, and what secrets and directory throw.
 */
export const mayIssue = (deps: MayIssueDeps) => {
  const { directory, directoryMode, limit } = deps
  const current = keyAndAdmission(deps)
  return async (
    user: Subject & { readonly userName: string },
    { scopes }: Requester,
    deadline: Deadline,
  ): Promise<KeyAndAdmission> => {
    let found = await current(user, deadline)
    const known = found.admission.user
    const mayEnter = mayProvision(directoryMode, scopes)
    if (isKnown(known) || (known === undefined && mayEnter)) await limit(user, deadline)
    if (!isAdmissible(found.admission, user) && mayEnter) {
      await directory.provision(user, deadline)
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

/** The key that signs, and what the directory says of the subject. Throws KEYS_NOT_INITIALISED, KEY_REVOKED. */
export const keyAndAdmission =
  ({ secrets, directory }: Pick<MayIssueDeps, 'secrets'> & { readonly directory: Admissions }) =>
  async (subject: Parameters<Admissions['admission']>[0], deadline: Deadline): Promise<KeyAndAdmission> => {
    const admissionUnder = ({ kid }: PrivateJwk) => directory.admission({ ...subject, kid }, deadline)
    let key = await activeKey(secrets, { deadline })
    let admission = await admissionUnder(key)
    if (admission.isKeyRevoked) {
      // Perhaps a newer key than our copy of the ring. Granted once in 30 s; until then, this sandbox refuses.
      key = await activeKey(secrets, { deadline, force: true })
      admission = await admissionUnder(key)
    }
    if (admission.isKeyRevoked)
      throw new BridgeError('KEY_REVOKED', 'expected a signing key that is not revoked')
    return { key, admission }
  }

const activeKey = async (secrets: SecretReader, options: ReadOptions): Promise<PrivateJwk> => {
  const find = (ring: SigningKeySecret) => ring.keys.find(({ state }) => state === 'active')
  const key =
    find((await secrets.read(SIGNING_KEY, options)).value) ??
    find((await secrets.read(SIGNING_KEY, { ...options, force: true })).value)
  if (key !== undefined) return key
  throw notInitialised()
}
