/** A change of an item in DynamoDB's language of expressions. */

import type { Amounts, AsSeen, Change, Value } from './table.ts'

export interface Expressions {
  UpdateExpression?: string
  ConditionExpression?: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Record<string, Value>
}

/**
 * The members of an UpdateCommand, or with `ifSeen` alone of a DeleteCommand. What is empty is left out: DynamoDB
 * refuses it.
 */
export const updateExpressions = ({ set = {}, remove = [], ifSeen = {} }: Change): Expressions => {
  const stand = placeholders()
  const settings = Object.entries(set).flatMap(([attribute, to]) =>
    to === undefined ? [] : [`${stand.name(attribute)} = ${stand.value(to)}`],
  )
  const updates = [...clause('SET ', settings), ...clause('REMOVE ', [...new Set(remove)].map(stand.name))]
  const conditions = clause('', conditionsOf(ifSeen, stand), ' AND ')
  return {
    ...(updates.length > 0 && { UpdateExpression: updates.join(' ') }),
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' ') }),
    ...stand.used(),
  }
}

/** The members of an UpdateCommand that adds to numbers. */
export const addExpressions = ({ add, sweepAt }: Amounts): Expressions => {
  const stand = placeholders()
  const sums = Object.entries(add).map(
    ([attribute, amount]) => `${stand.name(attribute)} ${stand.value(amount)}`,
  )
  const end = `SET ${stand.name('sweepAt')} = ${stand.value(sweepAt)}`
  return { UpdateExpression: [...clause('ADD ', sums), end].join(' '), ...stand.used() }
}

/** Stands in for every name and value: names may be reserved words, and a value is never part of an expression. */
const placeholders = () => {
  const names = new Map<string, string>()
  const values = new Map<string, Value>()
  return {
    name: (attribute: string): string => {
      const known = names.get(attribute) ?? `#n${names.size}`
      names.set(attribute, known)
      return known
    },
    value: (of: Value): string => {
      const key = `:v${values.size}`
      values.set(key, of)
      return key
    },
    /** DynamoDB refuses an empty map. */
    used: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...names].map(([attribute, key]) => [key, attribute])),
      }),
      ...(values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    }),
  }
}

const conditionsOf = (ifSeen: AsSeen, { name, value }: ReturnType<typeof placeholders>): string[] =>
  Object.entries(ifSeen).map(([attribute, seen]) =>
    seen === undefined ? `attribute_not_exists(${name(attribute)})` : `${name(attribute)} = ${value(seen)}`,
  )

const clause = (keyword: string, parts: readonly string[], between = ', '): string[] =>
  parts.length === 0 ? [] : [keyword + parts.join(between)]
