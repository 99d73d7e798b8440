/** The one written form of a signed token: RFC 7515, section 7.1, without what libraries forgive. */

import type * as z from 'zod/mini'
import { faultyField } from '../schemas/issues.ts'
import type { Refuse } from './refusal.ts'

export interface CompactLimits {
  /** Of the whole token, looked at before any work. */
  readonly characters: number
  readonly payloadBytes: number
  /** Where the algorithm leaves no choice. Default any but none. */
  readonly signatureBytes?: number
}

export interface CompactToken {
  readonly text: string
  /** The first segment as it stands. */
  readonly header: string
  /** Trusted by nobody before the signature holds. */
  readonly payload: Uint8Array
}

/** Takes a token apart: three canonical base64url parts, no padding, blanks or unused bits. Verifies nothing. */
export const compactToken = (
  text: string,
  { characters, payloadBytes, signatureBytes }: CompactLimits,
  refuse: Refuse<'TOO_LARGE' | 'MALFORMED'>,
): CompactToken => {
  if (text.length > characters) throw refuse('TOO_LARGE', 'expected a shorter token')
  const [header = '', payload = '', signature = '', ...more] = text.split('.')
  if (more.length > 0) throw refuse('MALFORMED', 'expected three parts')
  const [, payloadPart, signaturePart] = [header, payload, signature].map((segment) => {
    const bytes = Buffer.from(segment, 'base64url')
    if (segment !== '' && bytes.toString('base64url') === segment) return bytes
    throw refuse('MALFORMED', 'expected canonical base64url parts')
  })
  if (payloadPart === undefined || payloadPart.length > payloadBytes) {
    throw refuse('TOO_LARGE', 'expected a shorter payload')
  }
  if (signatureBytes !== undefined && signaturePart?.length !== signatureBytes) {
    throw refuse('MALFORMED', `expected a signature of ${signatureBytes} bytes`)
  }
  return { text, header, payload: payloadPart }
}

/** JSON in strict UTF-8, or undefined: no JSON document is undefined. */
export const jsonIn = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** The claims of a payload whose signature holds, as the schema has them. */
export const claimsIn = <Claims>(
  payload: Uint8Array,
  schema: z.ZodMiniType<Claims>,
  refuse: Refuse<'CLAIMS_INVALID'>,
): Claims => {
  const value = jsonIn(payload)
  if (value === undefined) {
    throw refuse('CLAIMS_INVALID', 'expected claims as JSON in UTF-8', { field: '(whole)' })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw refuse('CLAIMS_INVALID', `expected claim ${field} as its issuer writes it`, { field })
}
