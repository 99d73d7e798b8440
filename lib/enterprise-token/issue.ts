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
 * Throws USER_UNKNOWN, USER_NAME_DIFFERS, USER_DISABLED, KEYS_NOT_INITIALISED, and what secrets and directory throw.
 */
export const enterpriseTokenIssuer =
  (deps: IssueDeps) =>
  async (
    request: IssueRequest,
    { mayVouch }: { mayVouch: boolean },
    deadline: Deadline,
  ): Promise<IssuedToken> => {
    const [key, admission] = await Promise.all([
      activeKey(deps.secrets, deadline),
      admissionOf(deps.directory, request, mayVouch, deadline),
    ])
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

const activeKey = async (secrets: SecretReader, deadline: Deadline): Promise<PrivateJwk> => {
  const find = (ring: SigningKeySecret) => ring.keys.find(({ state }) => state === 'active')
  const key =
    find((await secrets.read(SIGNING_KEY, { deadline })).value) ??
    find((await secrets.read(SIGNING_KEY, { deadline, force: true })).value)
  if (key !== undefined) return key
  throw notInitialised()
}

const admissionOf = async (
  directory: Directory,
  user: IssueRequest,
  mayVouch: boolean,
  deadline: Deadline,
): Promise<Admission> => {
  const isAsKnown = ({ user: known }: Admission) =>
    known?.status === 'active' && known.userName === user.userName
  let admission = await directory.admission(user, deadline)
  if (mayVouch && !isAsKnown(admission)) {
    await directory.vouch(user, deadline)
    admission = await directory.admission(user, deadline)
  }
  const known = admission.user
  if (known === undefined || known.status === 'deleted') {
    throw new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', {
      detail: { field: 'userId' },
    })
  }
  if (known.status !== 'active') {
    throw new BridgeError('USER_DISABLED', 'userId: expected an active user', { detail: { field: 'userId' } })
  }
  if (known.userName !== user.userName) {
    throw new BridgeError('USER_NAME_DIFFERS', "userName: expected the directory's name of this user", {
      detail: { field: 'userName' },
    })
  }
  return admission
}
