/** Reading of vendors' answers: JSON whatever the content type claims, and never anything of it in an error. */

import * as z from 'zod/mini'
import type { Reply } from './outbound.ts'

type Members = Readonly<Record<string, unknown>>

/** The body as a JSON object, or undefined. */
export const jsonObject = ({ text }: Pick<Reply, 'text'>): Members | undefined => {
  const value = readable((): unknown => JSON.parse(text))
  return isObject(value) ? value : undefined
}

/**
 * A string or number of the body: the exact spelling of its name, else the only one in another case. Undefined
 * without it, for any other value, and where two other spellings stand side by side.
 */
export const member = (reply: Pick<Reply, 'text'>, name: string): string | number | undefined => {
  const value = memberOf(jsonObject(reply) ?? {}, name)
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/** The body as a schema says, or undefined. The names of the schema's objects are found as `member` finds them. */
export const parsedReply = <T>(schema: z.ZodMiniType<T>, reply: Pick<Reply, 'text'>): T | undefined =>
  parsed(schema, respelt(schema, jsonObject(reply)))

/** The same with names as they are spelt: where a standard says that case matters, as it does for JOSE. */
export const exactlyParsedReply = <T>(schema: z.ZodMiniType<T>, reply: Pick<Reply, 'text'>): T | undefined =>
  parsed(schema, jsonObject(reply))

const parsed = <T>(schema: z.ZodMiniType<T>, value: unknown): T | undefined => {
  const result = readable(() => schema.safeParse(value))
  return result?.success ? result.data : undefined
}

/** What reading gives, or undefined. Beside broken JSON there is what nests too deeply to be parsed or coerced. */
const readable = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const memberOf = (members: Members, name: string): unknown => {
  if (Object.hasOwn(members, name)) return members[name]
  const others = Object.keys(members).filter((other) => other.toLowerCase() === name.toLowerCase())
  const [only, ...more] = others
  return only === undefined || more.length > 0 ? undefined : members[only]
}

/** A value whose members have the names of the schema, as deep as the schema goes. What it does not name is left out. */
const respelt = (schema: z.core.$ZodType, value: unknown): unknown => {
  if (schema instanceof z.ZodMiniObject) {
    if (!isObject(value)) return value
    const members = Object.entries<z.core.$ZodType>(schema.shape).flatMap(([name, inner]) => {
      const found = memberOf(value, name)
      return found === undefined ? [] : [[name, respelt(inner, found)]]
    })
    return Object.fromEntries(members)
  }
  if (schema instanceof z.ZodMiniArray) {
    return Array.isArray(value) ? value.map((item) => respelt(schema.def.element, item)) : value
  }
  const inner = innerOf(schema)
  return inner === undefined ? value : respelt(inner, value)
}

/** What stands within a schema that is made of another one, as `optional` and `pipe` make it. */
const innerOf = (schema: z.core.$ZodType): z.core.$ZodType | undefined => {
  if (schema instanceof z.ZodMiniPipe) {
    const { in: from, out } = schema.def
    return from instanceof z.ZodMiniTransform ? out : from
  }
  return (schema._zod.def as { readonly innerType?: z.core.$ZodType }).innerType
}
