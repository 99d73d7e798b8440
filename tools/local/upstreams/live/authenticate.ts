/** Who signed this request, and is the signature good? In the order in which Alibaba's gateway is seen to ask. */

import { type Call, header } from '../call.ts'
import { LiveError } from './errors.ts'
import type { LiveKey, LiveKeys } from './keys.ts'
import {
  type Authorization,
  canonicalRequest,
  parseAuthorization,
  sha256,
  sign,
  stringToSign,
} from './signature.ts'

const REQUIRED = [
  'host',
  'x-acs-action',
  'x-acs-content-sha256',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-version',
]
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const MAX_SKEW_MS = 15 * 60_000

/** The key of a well-signed request, its nonce used up. Throws a LiveError for every other. */
export const authenticate = (call: Call, keys: LiveKeys): LiveKey => {
  const authorization = parseAuthorization(header(call, 'authorization'))
  if (authorization === undefined) throw incomplete('Authorization')
  const unsigned = unsignedHeader(call, authorization.signedHeaders)
  if (unsigned !== undefined) throw incomplete(unsigned)
  checkDate(header(call, 'x-acs-date'), keys.now())
  const key = keys.get(authorization.accessKeyId)
  if (key === undefined) {
    throw new LiveError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.')
  }
  if (key.status === 'inactive') {
    throw new LiveError(400, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.')
  }
  checkSecurityToken(header(call, 'x-acs-security-token'), key, keys.now())
  checkSignature(call, authorization, key)
  if (!keys.useNonce(key.accessKeyId, header(call, 'x-acs-signature-nonce'))) {
    throw new LiveError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.')
  }
  return key
}

/** The first header that should be signed and is not, or is signed and is not there. */
const unsignedHeader = ({ headers }: Call, signed: readonly string[]): string | undefined => {
  const sent = Object.keys(headers).filter((name) => name.startsWith('x-acs-') || name === 'content-type')
  const unsigned = [...REQUIRED, ...sent].find((name) => !signed.includes(name))
  return unsigned ?? [...REQUIRED, ...signed].find((name) => (headers[name] ?? '') === '')
}

const checkDate = (text: string, now: number): void => {
  const date = Date.parse(text)
  if (!DATE.test(text) || Number.isNaN(date)) {
    throw new LiveError(
      400,
      'InvalidTimeStamp.Format',
      'Specified time stamp or date value is not well formatted.',
    )
  }
  if (Math.abs(date - now) > MAX_SKEW_MS) {
    throw new LiveError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
  }
}

const checkSecurityToken = (sent: string, { securityToken = '', expiresAt }: LiveKey, now: number): void => {
  if (sent === '' && securityToken !== '') {
    throw new LiveError(400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.')
  }
  if (sent !== securityToken) {
    throw new LiveError(
      400,
      'InvalidSecurityToken.MismatchWithAccessKey',
      'Specified SecurityToken mismatch with the AccessKey.',
    )
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new LiveError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.')
  }
}

const checkSignature = (call: Call, { signedHeaders, signature }: Authorization, key: LiveKey): void => {
  const canonical = canonicalOf(call, signedHeaders)
  const text = stringToSign(canonical)
  const isBody = header(call, 'x-acs-content-sha256') === sha256(call.body)
  if (isBody && sign(text, key.accessKeySecret) === signature) return
  // As the real one: helpful, and a reason never to log a vendor's messages.
  throw new LiveError(
    400,
    'SignatureDoesNotMatch',
    'Specified signature is not matched with our calculation. ' +
      `server string to sign is:${text} AccessKeyId:${key.accessKeyId} canonical request is:${canonical}`,
  )
}

const canonicalOf = (call: Call, signedHeaders: readonly string[]): string => {
  try {
    return canonicalRequest(call, signedHeaders)
  } catch {
    throw incomplete('query')
  }
}

const incomplete = (what: string): LiveError =>
  new LiveError(400, 'IncompleteSignature', `The request signature does not conform to standards: ${what}.`)
