/** Request bodies: capped, decoded and parsed before anything looks at what they say. */

import { BridgeError, type ErrorCode } from '../errors.ts'
import { nestsDeeper, repeatedMember } from '../json-text.ts'

/** How long a route's body may be, and what is said of a longer one. */
export interface BodyLimit {
  readonly bytes: number
  readonly code: ErrorCode
  readonly message: string
}

const USUAL_BYTES = 16 * 1024
const USUAL_LIMIT: BodyLimit = {
  bytes: USUAL_BYTES,
  code: 'BODY_TOO_LARGE',
  message: `body: expected at most ${USUAL_BYTES} bytes`,
}
/** Our contracts are flat; CEC may add members of its own. */
const MAX_DEPTH = 16

export interface RawBody {
  /** Absent or null where there is none. */
  readonly body?: string | null | undefined
  readonly isBase64Encoded?: boolean
}

/** Length in bytes as sent, for the log: the only thing about a body that is written down before it is trusted. */
export const bodyBytes = ({ body, isBase64Encoded = false }: RawBody): number =>
  Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8')

export interface JsonBody {
  /** As it was written, without a byte order mark: what a double cannot hold is still there. */
  readonly text: string
  readonly value: unknown
}

/**
 * The body as JSON, whatever its content type claims. `limit` is by default 16 KiB and BODY_TOO_LARGE. Throws the limit's code,
 * BODY_MISSING, BODY_NOT_UTF8, BODY_TOO_DEEP, BODY_NOT_JSON, and BODY_MEMBER_REPEATED: of a member given twice, at any
 * depth, two parsers may take different ones. Does not check the shape. Members named `__proto__` come out as plain members.
 */
export const jsonBody = (raw: RawBody, limit: BodyLimit = USUAL_LIMIT): JsonBody => {
  const text = textBody(raw, limit)
  return { text, value: parsedJson(text) }
}

const parsedJson = (text: string): unknown => {
  if (text.trim() === '') throw new BridgeError('BODY_MISSING', 'body: expected JSON')
  if (nestsDeeper(text, MAX_DEPTH))
    throw new BridgeError('BODY_TOO_DEEP', `body: expected at most ${MAX_DEPTH} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message quotes the body: it must not become a cause.
    throw new BridgeError('BODY_NOT_JSON', 'body: expected JSON')
  }
  if (repeatedMember(text) !== undefined)
    throw new BridgeError('BODY_MEMBER_REPEATED', 'body: expected each member once')
  return value
}

/** The body as text. Throws the limit's code, and BODY_NOT_UTF8. */
const textBody = ({ body: given, isBase64Encoded = false }: RawBody, limit: BodyLimit): string => {
  const body = given ?? ''
  // API Gateway hands over as base64 what it does not take for text.
  const mostCharacters = isBase64Encoded ? Math.ceil(limit.bytes / 3) * 4 : limit.bytes
  if (body.length > mostCharacters) throw tooLarge(limit)
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > limit.bytes) throw tooLarge(limit)
  if (!isBase64Encoded && !body.isWellFormed()) throw notUtf8()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notUtf8()
  }
}

const tooLarge = ({ code, message }: BodyLimit) => new BridgeError(code, message)
const notUtf8 = () => new BridgeError('BODY_NOT_UTF8', 'body: expected UTF-8')
