/** Issuing of enterprise tokens. */

import type { Deadline } from '../deadline.ts'
import { type Admission, type Directory, versionOf } from '../directory/directory.ts'
import { BridgeError } from '../errors.ts'
import {
  AUDIENCE_PREFIX,
  type EnterpriseTokenClaims,
  type IssueRequest,
} from '../schemas/enterprise-token.ts'
import type { PrivateJwk, SigningKeySecret } from '../schemas/key-secrets.ts'
import { SIGNING_KEY } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { signClaims } from './sign.ts'
import { notInitialised } from './verification-keys.ts'

export interface IssueDeps {
  readonly secrets: SecretReader
  readonly directory: Directory
  readonly issuer: string
  /** Life of a token in seconds, at most 3600. */
  readonly lifetimeSeconds: number
  readonly now: () => Date
  /** At least 128 random bits as base64url, never the same twice. */
  readonly newId: () => string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
  readonly lifetimeSeconds: number
  readonly jti: string
  readonly kid: string
}

/**
 * Issues a token to a user that the directory knows under that name. `mayVouch` enters an unknown user, and
 * renames a known one, first. Checks neither who asks nor for which tenant they may: that is the caller's part.
 * Throws USER_UNKNOWN, USER_NAME_DIFFERS, USER_DISABLED, KEYS_NOT_INITIALISED, KEY_REVOKED, and what secrets and
 * directory throw.
 */
export const enterpriseTokenIssuer =
  (deps: IssueDeps) =>
  async (
    request: IssueRequest,
    { mayVouch }: { mayVouch: boolean },
    deadline: Deadline,
  ): Promise<IssuedToken> => {
    const { key, admission } = await keyAndAdmission(deps, request, mayVouch, deadline)
    checkUser(admission, request)
    const iat = Math.floor(deps.now().getTime() / 1000)
    const claims: EnterpriseTokenClaims = {
      iss: deps.issuer,
      aud: AUDIENCE_PREFIX + request.tenantSpaceId,
      sub: request.userId,
      name: request.userName,
      jti: deps.newId(),
      ver: versionOf(admission),
      iat,
      exp: iat + deps.lifetimeSeconds,
    }
    return {
      token: await signClaims(claims, key),
      expiresAt: new Date(claims.exp * 1000),
      lifetimeSeconds: deps.lifetimeSeconds,
      jti: claims.jti,
      kid: key.kid,
    }
  }

/** The key first, out of memory but for one request in five minutes: the one read of the directory asks about it too. */
const keyAndAdmission = async (
  { secrets, directory }: IssueDeps,
  user: IssueRequest,
  mayVouch: boolean,
  deadline: Deadline,
): Promise<{ key: PrivateJwk; admission: Admission }> => {
  const admissionUnder = ({ kid }: PrivateJwk) => directory.admission({ ...user, kid }, deadline)
  let key = await activeKey(secrets, deadline)
  let admission = await admissionUnder(key)
  if (admission.isKeyRevoked) {
    // Perhaps a newer key than our copy of the ring. Granted once in 30 s; until then, this sandbox refuses.
    key = await activeKey(secrets, deadline, true)
    admission = await admissionUnder(key)
  }
  if (mayVouch && !admission.isKeyRevoked && !isAsKnown(admission, user)) {
    await directory.vouch(user, deadline)
    admission = await admissionUnder(key)
  }
  if (admission.isKeyRevoked)
    throw new BridgeError('KEY_REVOKED', 'expected a signing key that is not revoked')
  return { key, admission }
}

const activeKey = async (secrets: SecretReader, deadline: Deadline, force = false): Promise<PrivateJwk> => {
  const find = (ring: SigningKeySecret) => ring.keys.find(({ state }) => state === 'active')
  const key =
    find((await secrets.read(SIGNING_KEY, { deadline, force })).value) ??
    find((await secrets.read(SIGNING_KEY, { deadline, force: true })).value)
  if (key !== undefined) return key
  throw notInitialised()
}

const isAsKnown = ({ user: known }: Admission, { userName }: IssueRequest): boolean =>
  known?.status === 'active' && known.userName === userName

const checkUser = ({ user: known }: Admission, { userName }: IssueRequest): void => {
  if (known === undefined || known.status === 'deleted') {
    throw new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', {
      detail: { field: 'userId' },
    })
  }
  if (known.status !== 'active') {
    throw new BridgeError('USER_DISABLED', 'userId: expected an active user', { detail: { field: 'userId' } })
  }
  if (known.userName !== userName) {
    throw new BridgeError('USER_NAME_DIFFERS', "userName: expected the directory's name of this user", {
      detail: { field: 'userName' },
    })
  }
}
