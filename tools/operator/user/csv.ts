/** Users as a spreadsheet writes them: RFC 4180, with a head line that names the columns. */

import { MOST_USER_ID_CHARACTERS } from '../../../lib/schemas/ids.ts'
import { describeFaults } from '../../../lib/schemas/issues.ts'
import { batchEntry, type UserChange } from '../../../lib/schemas/users.ts'

/** A stage may narrow its ids further: its functions refuse such a user when a token is asked for. */
export const UserRow = batchEntry({ USER_ID_MAX_LENGTH: MOST_USER_ID_CHARACTERS })

export interface Users {
  readonly users: readonly UserChange[]
  /** What is wrong, each with its line. Never a value. */
  readonly faults: readonly string[]
}

const COLUMNS = ['userId', 'userName', 'status']

/** Every line is judged, so that all faults are told at once. An empty status means active; a deleted user has no name. */
export const usersIn = (text: string): Users => {
  const [head, ...lines] = recordsIn(text)
  const names = head?.fields.map((name) => name.trim()) ?? []
  if (
    !names.includes('userId') ||
    !names.includes('userName') ||
    names.some((name) => !COLUMNS.includes(name))
  )
    return { users: [], faults: ['line 1: expected the columns userId, userName and, if you like, status'] }
  if (new Set(names).size < names.length) return { users: [], faults: ['line 1: expected each column once'] }
  const users: UserChange[] = []
  const faults: string[] = []
  const seen = new Set<string>()
  for (const { line, fields } of lines) {
    const named = Object.fromEntries(names.map((name, at) => [name, fields[at] ?? '']))
    const status = named['status'] || 'active'
    const isNameless = status === 'deleted' && !named['userName']
    const { data, error } = UserRow.safeParse({
      ...named,
      status,
      ...(isNameless && { userName: undefined }),
    })
    if (fields.length !== names.length)
      faults.push(`line ${line}: expected ${names.length} fields, as in the head line`)
    else if (error !== undefined) faults.push(`line ${line}: ${describeFaults(error)}`)
    else if (seen.has(data.userId)) faults.push(`line ${line}: userId: expected one that no line before has`)
    else users.push(data)
    seen.add(named['userId'] ?? '')
  }
  return { users, faults }
}

interface Record {
  /** Where it begins, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** A field, quoted or not, and what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y

/** Empty lines are passed over. A quote that is never closed makes one field too few, or many, of the rest. */
const recordsIn = (text: string): Record[] => {
  const records: Record[] = []
  const whole = text.replace(/^\ufeff/, '')
  let fields: string[] = []
  let line = 1
  let begun = 1
  for (FIELD.lastIndex = 0; FIELD.lastIndex < whole.length; ) {
    const at = FIELD.lastIndex
    const found = FIELD.exec(whole)
    // A stray quote: the rest of the line is one field, which no schema takes together with the others.
    const [all = '', quoted, plain = '', end = ''] = found ?? [...strayQuote(whole, at)]
    if (found === null) FIELD.lastIndex = at + all.length
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    line += all.match(/\r?\n|\r/g)?.length ?? 0
    if (end === ',' && FIELD.lastIndex < whole.length) continue
    if (end === ',') fields.push('')
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begun, fields })
    fields = []
    begun = line
  }
  return records
}

const strayQuote = (text: string, from: number): [string, undefined, string, string] => {
  const [all = '', plain = '', end = ''] = /^([^\r\n]*)(\r?\n|\r|$)/.exec(text.slice(from)) ?? []
  // No name may hold a control character: so the line is refused by the schema.
  return [all, undefined, `\u0000${plain}`, end]
}
