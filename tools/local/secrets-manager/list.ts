/** Filters, order and pages of the listing actions. */
import { AwsError } from './errors.ts'
import { constraint, type Input, optionalInteger, optionalString, wrongType } from './input.ts'
import type { Secret } from './secret.ts'

export type Filter = { key: string; values: string[] }
export type Positioned<T> = { item: T; position: readonly [sortKey: number | string, sequence: number] }

const FILTER_VALUE = /^!?[a-zA-Z0-9 :_@/+=.\-!]{0,512}$/

type Match = (value: string, pattern: string) => boolean

const startsWith: Match = (value, pattern) => value.startsWith(pattern)
const startsWithAnyCase: Match = (value, pattern) => value.toLowerCase().startsWith(pattern.toLowerCase())
const hasWords: Match = (value, pattern) =>
  words(pattern).every((wanted) => words(value).some((word) => word.startsWith(wanted)))

type Attributes = (secret: Secret) => string[]

const FILTERS: ReadonlyMap<string, { attributes: Attributes; match: Match }> = new Map<
  string,
  { attributes: Attributes; match: Match }
>([
  ['description', { attributes: ({ description }) => [description ?? ''], match: startsWithAnyCase }],
  ['name', { attributes: ({ name }) => [name], match: startsWith }],
  ['tag-key', { attributes: ({ tags }) => tags.map((tag) => tag.Key), match: startsWith }],
  ['tag-value', { attributes: ({ tags }) => tags.map((tag) => tag.Value), match: startsWith }],
  ['primary-region', { attributes: () => [], match: startsWith }],
  ['owning-service', { attributes: () => [], match: startsWith }],
  [
    'all',
    {
      attributes: ({ name, description, tags }) => [
        name,
        description ?? '',
        ...tags.flatMap((tag) => [tag.Key, tag.Value]),
      ],
      match: hasWords,
    },
  ],
])

/** Reads `Filters`: at most 10, each with a known key and 1 to 10 values. */
export function readFilters(input: Input): Filter[] | undefined {
  const filters = input['Filters']
  if (filters === undefined || filters === null) return undefined
  if (!Array.isArray(filters)) throw wrongType('Filters')
  if (filters.length > 10) throw constraint('Filters', undefined, 'have length less than or equal to 10')
  return filters.map((filter: unknown, index) => readFilter(filter, `filters.${index + 1}.member`))
}

function readFilter(filter: unknown, path: string): Filter {
  if (typeof filter !== 'object' || filter === null) throw wrongType('Filters')
  const { Key: key, Values: values } = filter as Input
  if (typeof key !== 'string') throw constraint(`${path}.key`, 'null', 'not be null')
  if (!FILTERS.has(key)) {
    const known = [...FILTERS.keys()].join(', ')
    throw constraint(`${path}.key`, `'${key}'`, `satisfy enum value set: [${known}]`)
  }
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) throw wrongType('Values')
  if (values.length < 1 || values.length > 10) {
    throw constraint(`${path}.values`, undefined, 'have length between 1 and 10')
  }
  for (const value of values) {
    if (!FILTER_VALUE.test(value)) {
      throw constraint(
        `${path}.values`,
        `'${value}'`,
        `satisfy regular expression pattern: ${FILTER_VALUE.source}`,
      )
    }
  }
  return { key, values }
}

/**
 * Whether a secret passes every filter. Within one filter one value is enough; a leading `!` turns a
 * value into "does not match".
 */
export function matchesFilters(secret: Secret, filters: readonly Filter[]): boolean {
  return filters.every(({ key, values }) => {
    const filter = FILTERS.get(key)
    if (filter === undefined) return false
    const attributes = filter.attributes(secret)
    const matches = (pattern: string) => attributes.some((value) => filter.match(value, pattern))
    return values.some((value) => (value.startsWith('!') ? !matches(value.slice(1)) : matches(value)))
  })
}

type SortKey = (secret: Secret) => number | string

const SORT_KEYS: ReadonlyMap<string, SortKey> = new Map<string, SortKey>([
  ['created-date', ({ createdAt }) => createdAt],
  ['last-accessed-date', ({ accessedAt }) => accessedAt ?? 0],
  ['last-changed-date', ({ changedAt }) => changedAt],
  ['name', ({ name }) => name],
])

export type Sorted<T> = { items: Positioned<T>[]; descending: boolean }

/** Secrets in the order of `SortBy` (default created-date) and `SortOrder` (default asc). */
export function sortSecrets(secrets: readonly Secret[], input: Input): Sorted<Secret> {
  const sortKey = SORT_KEYS.get(optionalEnum(input, 'SortBy', [...SORT_KEYS.keys()]) ?? 'created-date')
  const descending = optionalEnum(input, 'SortOrder', ['asc', 'desc']) === 'desc'
  const items: Positioned<Secret>[] = secrets.map((item) => ({
    item,
    position: [sortKey?.(item) ?? 0, item.sequence],
  }))
  items.sort((a, b) => compare(a.position, b.position))
  return { items: descending ? items.reverse() : items, descending }
}

/**
 * Cuts one page out of a sorted list. A token holds the position of the last item given, so that secrets
 * made or deleted between two calls neither repeat nor skip others. Throws InvalidNextTokenException.
 */
export function takePage<T>({ items, descending }: Sorted<T>, input: Input, max: number) {
  const size = optionalInteger(input, 'MaxResults', { min: 1, max }) ?? max
  const token = optionalString(input, 'NextToken', 4096)
  const after = token === undefined ? undefined : parseToken(token)
  const rest = items.filter(({ position }) => {
    if (after === undefined) return true
    return descending ? compare(position, after) < 0 : compare(position, after) > 0
  })
  const page = rest.slice(0, size)
  const end = page.at(-1)?.position
  const nextToken = rest.length > size && end ? { NextToken: formatToken(end) } : {}
  return { page: page.map(({ item }) => item), nextToken }
}

type Position = Positioned<unknown>['position']

function compare(a: Position, b: Position): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  return a[1] - b[1]
}

function formatToken(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64')
}

function parseToken(token: string): Position {
  try {
    const [key, sequence, ...others] = JSON.parse(Buffer.from(token, 'base64').toString()) as unknown[]
    const isKey = typeof key === 'number' || typeof key === 'string'
    if (isKey && typeof sequence === 'number' && others.length === 0) return [key, sequence]
  } catch {
    // Not ours: refused below like any other wrong token.
  }
  throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.')
}

function optionalEnum(input: Input, member: string, known: readonly string[]): string | undefined {
  const value = optionalString(input, member, 64)
  if (value !== undefined && !known.includes(value)) {
    throw constraint(member, `'${value}'`, `satisfy enum value set: [${known.join(', ')}]`)
  }
  return value
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}
