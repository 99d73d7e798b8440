/** CEC's question about ever other users of the directory, each with a good token of this stage. */

import { randomBytes } from 'node:crypto'
import { TOKEN_TYPE } from '../../../lib/jwt/format.ts'
import { signClaims } from '../../../lib/jwt/sign.ts'
import { AUDIENCE_PREFIX } from '../../../lib/schemas/enterprise-token.ts'
import { SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { LOCAL_TENANT } from '../../local/constants.ts'
import type { BenchUser } from '../users.ts'

export interface QuestionOptions {
  /** The sample event of the route. */
  readonly sample: object
  /** The text of the secret `signing-key`. */
  readonly signingKey: string
  readonly issuer: string
  readonly users: readonly BenchUser[]
}

const LIFETIME_SECONDS = 900

export const questions = ({ sample, signingKey, issuer, users }: QuestionOptions): Promise<object[]> => {
  const key = SigningKeySecret.parse(JSON.parse(signingKey)).keys.find(({ state }) => state === 'active')
  if (key === undefined) throw new Error('the signing-key secret has no active key')
  const iat = Math.floor(Date.now() / 1000)
  const question = async ({ userId, userName }: BenchUser): Promise<object> => {
    const claims = {
      iss: issuer,
      aud: AUDIENCE_PREFIX + LOCAL_TENANT,
      sub: userId,
      name: userName,
      jti: randomBytes(16).toString('base64url'),
      ver: '0.0',
      iat,
      exp: iat + LIFETIME_SECONDS,
    }
    const body = {
      Token: await signClaims(claims, key, TOKEN_TYPE),
      userId,
      userName,
      tenantSpaceId: LOCAL_TENANT,
    }
    return { ...sample, body: JSON.stringify(body), isBase64Encoded: false }
  }
  return Promise.all(users.map(question))
}
