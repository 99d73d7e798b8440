/** Reading of vendors' answers: JSON whatever the content type claims, and never anything of it in an error. */

import type * as z from 'zod'
import type { Reply } from './outbound.ts'

/** The body as a JSON object, or undefined. */
export const jsonObject = ({ text }: Reply): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** The body as a schema says, or undefined. */
export const understood = <T>(schema: z.ZodType<T>, reply: Reply): T | undefined => {
  const result = schema.safeParse(jsonObject(reply))
  return result.success ? result.data : undefined
}
