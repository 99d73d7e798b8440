/** A caller key in the body, for clients of a vendor's document that have no header to send. */

import { BridgeError } from '../errors.ts'
import { jsonBody, type RawBody } from './body.ts'

export interface KeyMember {
  /** The member of the vendor's own call. */
  readonly name: string
  /** What is said of a value that is no caller key, such as the vendor's secret. */
  readonly otherwise: string
}

const CALLER_KEY_BEGINS = 'ctb_'

/**
 * The headers that a request is authenticated by: its own, or with the body's caller key where it has no
 * `Authorization`. The key is only moved; the header's checks judge it. Throws BODY_INVALID for a caller key in both
 * places (RFC 6750, section 2: one method a request), and for any other value where there is no header.
 * A body that cannot be read says nothing here: its fault is told once the caller is known.
 */
export const withBodyKey = (
  headers: Readonly<Record<string, string | undefined>>,
  raw: RawBody,
  { name, otherwise }: KeyMember,
): Readonly<Record<string, string | undefined>> => {
  const value = memberOf(raw, name)
  const hasHeader = Object.keys(headers).some((header) => header.toLowerCase() === 'authorization')
  if (value === undefined) return headers
  const isKey = value.startsWith(CALLER_KEY_BEGINS)
  if (isKey && hasHeader)
    throw refused(name, 'expected the caller key in one place, here or as Authorization')
  if (!isKey && !hasHeader) throw refused(name, otherwise)
  return isKey ? { ...headers, authorization: `Bearer ${value}` } : headers
}

const refused = (field: string, expected: string): BridgeError =>
  new BridgeError('BODY_INVALID', `${field}: ${expected}`, { detail: { field } })

const memberOf = (raw: RawBody, name: string): string | undefined => {
  try {
    const { value } = jsonBody(raw)
    const member = (value as Readonly<Record<string, unknown>> | null)?.[name]
    return typeof member === 'string' ? member.trim() : undefined
  } catch (error) {
    if (error instanceof BridgeError) return undefined
    throw error
  }
}
