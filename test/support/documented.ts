/** The committed document of the interface, as a judge: of requests, and of every answer that a test of a function sees. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { OpenApi } from '../../tools/interface/document.ts'
import { ENDPOINTS } from './descriptors.ts'

const ROOT = join(import.meta.dirname, '../..')

export type Verdict = 'good' | string

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

interface ResponseObject {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>
  readonly content?: { readonly 'application/json'?: object }
}

const pointer = (...parts: readonly string[]): string =>
  `interface#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

/** What an endpoint's requests and answers are held against. */
export interface Documented {
  readonly document: OpenApi
  /** What is wrong with an answer of the endpoint, in words; `good` when nothing is. */
  readonly answerFault: (endpoint: string, answer: Answer) => Verdict
  /** Whether the document takes this body, or these parameters of the query. */
  readonly takes: (endpoint: string, input: unknown) => boolean
}

export const documented = (document: OpenApi): Documented => {
  const ajv = new Ajv2020({ strict: false, allErrors: false, formats: { 'date-time': true, uri: true } })
  ajv.addSchema(document, 'interface')
  const compiled = new Map<string, ValidateFunction>()
  const validator = (...parts: readonly string[]): ValidateFunction => {
    const $ref = pointer(...parts)
    const known = compiled.get($ref) ?? ajv.compile({ $ref })
    compiled.set($ref, known)
    return known
  }
  const placeOf = (endpoint: string): readonly [string, string, string] => {
    const [method = '', path = ''] = endpoint.split(' ')
    return ['paths', path, method.toLowerCase()]
  }
  const operationOf = (endpoint: string) => {
    const [, path, method] = placeOf(endpoint)
    const operation = document.paths[path]?.[method]
    if (operation === undefined) throw new Error(`the document has no ${endpoint}`)
    return operation
  }
  /** Where the answer of a status stands: with the endpoint, or among those that several share. */
  const responseOf = (
    endpoint: string,
    status: string,
  ): readonly [readonly string[], ResponseObject] | undefined => {
    const response = operationOf(endpoint).responses[status] as
      | (ResponseObject & { $ref?: string })
      | undefined
    if (response?.$ref === undefined)
      return response && [[...placeOf(endpoint), 'responses', status], response]
    const place = response.$ref.slice(2).split('/')
    const shared = (document.components as never as Record<string, Record<string, ResponseObject>>)[
      'responses'
    ]
    const found = shared?.[place.at(-1) ?? '']
    return found && [place, found]
  }
  return {
    document,
    answerFault: (endpoint, { status, body, headers }) => {
      const found = responseOf(endpoint, String(status))
      if (found === undefined) return `${endpoint} answers ${status}, which the document does not have`
      const [place, response] = found
      const undocumented = Object.keys(headers).filter(
        (name) => !USUAL_HEADERS.has(name) && !(name in (response.headers ?? {})),
      )
      if (undocumented.length > 0)
        return `${endpoint} ${status}: the document does not have the header ${undocumented.join(', ')}`
      const validate = validator(...place, 'content', 'application/json', 'schema')
      return validate(body) ? 'good' : `${endpoint} ${status}: ${ajv.errorsText(validate.errors)}`
    },
    takes: (endpoint, input) => {
      const { parameters = [] } = operationOf(endpoint)
      if (!endpoint.startsWith('GET'))
        return validator(...placeOf(endpoint), 'requestBody', 'content', 'application/json', 'schema')(input)
      const given = input as Readonly<Record<string, unknown>>
      return parameters.every(({ name, in: place, required }, index) =>
        place !== 'query' || (given[name] === undefined && !required)
          ? true
          : given[name] !== undefined &&
            validator(...placeOf(endpoint), 'parameters', String(index), 'schema')(given[name]),
      )
    },
  }
}

/** Of every answer; the document does not repeat them. */
const USUAL_HEADERS: ReadonlySet<string> = new Set([
  'content-type',
  'cache-control',
  'x-content-type-options',
])

/** One process runs many files, and each loads its modules anew: the document is read and compiled once. */
const kept = globalThis as { [COMMITTED]?: Documented }
const COMMITTED = Symbol.for('cec-token-bridge/test/documented')

export const committed = (): Documented => {
  kept[COMMITTED] ??= documented(JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')))
  return kept[COMMITTED]
}

/** The endpoint that a function was called at; without a route key it is the first of its method. */
export const endpointOf = (
  functionName: string,
  routeKey: string | undefined,
  method: string,
): string | undefined => {
  const endpoints = ENDPOINTS[functionName] ?? []
  if (routeKey !== undefined && endpoints.includes(routeKey)) return routeKey
  return endpoints.find((endpoint) => endpoint.startsWith(`${method} `)) ?? endpoints[0]
}
