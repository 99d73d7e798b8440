/** Puts CloudFormation's parameters in the places of the marks that a template was packaged with. */

import { templateName } from './names.ts'
import type { Mark, Marks } from './parameters.ts'

type Json = unknown
type JsonObject = Readonly<Record<string, Json>>

/** A property that stays out where the parameter is empty. */
const NOTHING = { Ref: 'AWS::NoValue' }
const conditionOf = (name: string): string => `Has${templateName(name)}`

/** Conditions that the result refers to, one for each list. */
export const listConditions = (marks: Marks): JsonObject =>
  Object.fromEntries(
    Object.entries(marks).flatMap(([name, { listIn }]) =>
      listIn === undefined
        ? []
        : [[conditionOf(name), { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: templateName(name) }, ''] }] }]],
    ),
  )

/** The same with parameters. Throws an error that names a mark which is nowhere, or stands where CloudFormation takes no parameter. */
export const replaceMarks = <T>(template: T, marks: Marks): T => {
  const found = new Set<string>()
  const result = visit(template, '', { marks: Object.entries(marks), found }) as T
  const lost = Object.keys(marks).filter((name) => !found.has(name))
  if (lost.length > 0) throw new Error(`the packaged template has nothing of ${lost.join(', ')}`)
  return result
}

interface Search {
  readonly marks: readonly (readonly [name: string, mark: Mark])[]
  readonly found: Set<string>
}

const visit = (value: Json, property: string, search: Search): Json => {
  if (typeof value === 'string' || typeof value === 'number') return replaced(value, property, search)
  if (Array.isArray(value)) return listOf(value, search) ?? value.map((item) => visit(item, property, search))
  return isObject(value) ? members(value, search) : value
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null

const members = (object: JsonObject, search: Search): JsonObject => {
  const { 'Fn::Sub': text, ...others } = object
  if (typeof text === 'string' && Object.keys(others).length === 0)
    return { 'Fn::Sub': withReferences(text, search) }
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      if (marksIn(key, search).length > 0)
        throw new Error(`${key}: CloudFormation takes no parameter in a key`)
      const optional = search.marks.find(([, mark]) => mark.listIn === key && holds(value, mark))
      const member = visit(value, key, search)
      return [key, optional ? { 'Fn::If': [conditionOf(optional[0]), member, NOTHING] } : member]
    }),
  )
}

const holds = (value: Json, mark: Mark): boolean => JSON.stringify(value).includes(JSON.stringify(mark.value))

/** A list of one mark is the whole list. */
const listOf = (list: readonly Json[], { marks, found }: Search): JsonObject | undefined => {
  const [name] = marks.find(([, { value, listIn }]) => listIn && list.length === 1 && list[0] === value) ?? []
  if (name === undefined) return undefined
  found.add(name)
  return { 'Fn::Split': [',', { Ref: templateName(name) }] }
}

const replaced = (value: string | number, property: string, search: Search): Json => {
  const whole = search.marks.find(
    ([, mark]) => mark.value === String(value) && (mark.of ?? property) === property,
  )
  if (whole !== undefined) {
    search.found.add(whole[0])
    return { Ref: templateName(whole[0]) }
  }
  if (typeof value === 'number' || marksIn(value, search).length === 0) return value
  // What is literal must stay so in Fn::Sub.
  return { 'Fn::Sub': withReferences(value.replaceAll('${', '${!'), search) }
}

const marksIn = (text: string, { marks }: Search) =>
  marks.filter(([, { value, of }]) => of === undefined && text.includes(value))

const withReferences = (text: string, search: Search): string => {
  let result = text
  for (const [name, { value }] of marksIn(text, search)) {
    search.found.add(name)
    result = result.replaceAll(value, `\${${templateName(name)}}`)
  }
  return result
}
