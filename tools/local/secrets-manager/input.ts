/** Reads members of a request and refuses wrong ones as AWS does: by type, by length, by range. */
import { AwsError, invalidParameter, invalidRequest, validation } from './errors.ts'
import type { SecretValue } from './secret.ts'

export type Input = Readonly<Record<string, unknown>>

const MAX_VALUE_BYTES = 65_536
const NAME = /^[A-Za-z0-9/_+=.@!-]+$/

/** The text of AWS's own request validation. `shown` is left out for sensitive members. */
export function constraint(member: string, shown: string | undefined, rule: string): AwsError {
  const value = shown === undefined ? 'Value' : `Value ${shown}`
  const path = member.charAt(0).toLowerCase() + member.slice(1)
  return validation(
    `1 validation error detected: ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`,
  )
}

/** Characters of a text, or the values of a number. */
interface Range {
  readonly min: number
  readonly max: number
}

/** `range`: its length, or the longest one of at least one character. */
export function optionalString(input: Input, member: string, range: Range | number): string | undefined {
  const { min, max } = typeof range === 'number' ? { min: 1, max: range } : range
  const value = input[member]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrongType(member)
  if (value.length < min) {
    throw constraint(member, `'${value}'`, `have length greater than or equal to ${min}`)
  }
  if (value.length > max) {
    throw constraint(member, `'${value}'`, `have length less than or equal to ${max}`)
  }
  return value
}

export function requiredString(input: Input, member: string, max: number): string {
  const value = optionalString(input, member, max)
  if (value === undefined) throw constraint(member, 'null', 'not be null')
  return value
}

export function optionalInteger(input: Input, member: string, { min, max }: Range): number | undefined {
  const value = input[member]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(member)
  if (value < min) throw constraint(member, `'${value}'`, `have value greater than or equal to ${min}`)
  if (value > max) throw constraint(member, `'${value}'`, `have value less than or equal to ${max}`)
  return value
}

export function optionalBoolean(input: Input, member: string): boolean {
  const value = input[member] ?? false
  if (typeof value !== 'boolean') throw wrongType(member)
  return value
}

export function optionalStrings(input: Input, member: string, max: number): string[] | undefined {
  const value = input[member]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw wrongType(member)
  const shown = `'[${value.join(', ')}]'`
  if (value.length < 1) throw constraint(member, shown, 'have length greater than or equal to 1')
  if (value.length > max) throw constraint(member, shown, `have length less than or equal to ${max}`)
  return value
}

/** A secret's name, made of the characters that AWS allows. */
export function secretName(input: Input, member: string, max: number): string {
  const value = requiredString(input, member, max)
  if (!NAME.test(value)) {
    throw validation(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    )
  }
  return value
}

/** The name or ARN of a secret. */
export function secretId(input: Input): string {
  const value = requiredString(input, 'SecretId', 2048)
  return value.startsWith('arn:') ? value : secretName(input, 'SecretId', 2048)
}

/** The token that becomes the version's id. SDKs and the CLI make one; a bare request must bring its own. */
export function clientRequestToken(input: Input): string {
  const token = optionalString(input, 'ClientRequestToken', { min: 0, max: Number.POSITIVE_INFINITY })
  if (token === undefined) {
    throw invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.')
  }
  if (token.length < 32 || token.length > 64) {
    throw invalidParameter('ClientRequestToken must be 32-64 characters long.')
  }
  return token
}

/** SecretString or SecretBinary (base64), at most 65,536 bytes; neither, or an empty one, is undefined. */
export function optionalValue(input: Input): SecretValue | undefined {
  const text = input['SecretString'] ?? undefined
  const binary = input['SecretBinary'] ?? undefined
  if (text !== undefined && typeof text !== 'string') throw wrongType('SecretString')
  if (binary !== undefined && typeof binary !== 'string') throw wrongType('SecretBinary')
  if (text && binary) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  }
  if (text) {
    checkBytes('SecretString', Buffer.byteLength(text))
    return { SecretString: text }
  }
  if (!binary) return undefined
  const bytes = Buffer.from(binary, 'base64')
  checkBytes('SecretBinary', bytes.length)
  return { SecretBinary: bytes.toString('base64') }
}

export function requiredValue(input: Input): SecretValue {
  const value = optionalValue(input)
  if (value === undefined) throw invalidRequest('You must provide either SecretString or SecretBinary.')
  return value
}

function checkBytes(member: string, length: number): void {
  if (length > MAX_VALUE_BYTES) {
    throw constraint(member, undefined, `have length less than or equal to ${MAX_VALUE_BYTES}`)
  }
}

export function wrongType(member: string): AwsError {
  return new AwsError('SerializationException', `The member ${member} has the wrong type.`)
}
