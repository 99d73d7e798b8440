/** What a schema makes of a value, in the words that a sender or an operator reads. */

import type * as z from 'zod/mini'
import { describeFaults } from '../../lib/schemas/issues.ts'

/** `none`, or every fault in one line. */
export const faultsIn = (schema: z.ZodMiniType, value: unknown): string => {
  const { error } = schema.safeParse(value)
  return error === undefined ? 'none' : describeFaults(error)
}

/** The object without this member. */
export const without = (object: object, member: string): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== member))
