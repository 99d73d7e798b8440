/** Request bodies: capped, decoded and parsed before anything looks at what they say. */

import { BridgeError } from '../errors.ts'
import { repeatedMember } from '../json-text.ts'

const MAX_BODY_BYTES = 16 * 1024
/** What 16 KiB take as base64, which is how API Gateway hands over bodies that it does not take for text. */
const MAX_BASE64_CHARACTERS = Math.ceil(MAX_BODY_BYTES / 3) * 4
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
 * The body as JSON, whatever its content type claims. Throws BODY_MISSING, BODY_TOO_LARGE, BODY_NOT_UTF8,
 * BODY_TOO_DEEP, BODY_NOT_JSON, and BODY_MEMBER_REPEATED: of a member given twice, at any depth, two parsers may take
 * different ones. Does not check the shape. Members named `__proto__` come out as plain members.
 */
export const jsonBody = (raw: RawBody): JsonBody => {
  const text = textBody(raw)
  return { text, value: parsedJson(text) }
}

const parsedJson = (text: string): unknown => {
  if (text.trim() === '') throw new BridgeError('BODY_MISSING', 'body: expected JSON')
  checkDepth(text)
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

/** The body as text. Throws BODY_TOO_LARGE, BODY_NOT_UTF8. */
const textBody = ({ body: given, isBase64Encoded = false }: RawBody): string => {
  const body = given ?? ''
  if (body.length > (isBase64Encoded ? MAX_BASE64_CHARACTERS : MAX_BODY_BYTES)) throw tooLarge()
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > MAX_BODY_BYTES) throw tooLarge()
  if (!isBase64Encoded && !body.isWellFormed()) throw notUtf8()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notUtf8()
  }
}

const tooLarge = () => new BridgeError('BODY_TOO_LARGE', `body: expected at most ${MAX_BODY_BYTES} bytes`)
const notUtf8 = () => new BridgeError('BODY_NOT_UTF8', 'body: expected UTF-8')

/** Counts brackets outside strings, before the parser builds anything. */
const checkDepth = (text: string): void => {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    if (depth > MAX_DEPTH)
      throw new BridgeError('BODY_TOO_DEEP', `body: expected at most ${MAX_DEPTH} levels`)
  }
}
