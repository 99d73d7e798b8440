/** The answers of an endpoint: success and refusals, by status, with numbers, headers and an example of each. */

import type { RouteDescriptor } from '../../lib/http/route.ts'
import type { JsonSchema } from './json-schema.ts'
import { isInChat, type Refusal } from './refusals.ts'

const REQUEST_ID = '6f1c9a52-8b1e-4d37-9f0a-2f6f0c6f5b11'

type Body = Readonly<Record<string, unknown>>
type Example = { readonly summary: string; readonly value: unknown }

interface Told {
  readonly name: string
  readonly status: number
  readonly body: Body
  readonly headers: readonly string[]
}

const told = ({ errorFormat }: RouteDescriptor, refusal: Refusal): Told => {
  const { status, body, headers = {} } = errorFormat(refusal, REQUEST_ID)
  return { name: refusal.code, status, body: body as Body, headers: Object.keys(headers) }
}

/** The members that say which refusal it is, in any of the formats. */
const TELLING = ['retCode', 'code', 'errorCode', 'Code']

/** Exactly what a format writes: the telling member one of the numbers or words, the others text. */
const bodySchema = (bodies: readonly Body[]): JsonSchema => {
  const names = [...new Set(bodies.flatMap((body) => Object.keys(body)))]
  const properties = Object.fromEntries(names.map((name) => [name, memberSchema(name, bodies)]))
  const required = names.filter((name) => bodies.every((body) => name in body) && name !== 'field')
  return { type: 'object', properties, required, additionalProperties: false }
}

const memberSchema = (name: string, bodies: readonly Body[]): JsonSchema => {
  const values = [...new Set(bodies.map((body) => body[name]).filter((value) => value !== undefined))]
  const type = typeof values[0] === 'number' ? 'integer' : 'string'
  return TELLING.includes(name) ? { type, enum: values } : { type }
}

/** API Gateway's own words, of a request that no function has answered. */
const OF_THE_GATEWAY: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** What may have `Retry-After`: a vendor's refusal too, while its credentials are not tried again. */
const MAY_END_LATER: ReadonlySet<number> = new Set([429, 502, 503])

const HEADERS: Readonly<Record<string, JsonSchema>> = {
  'x-request-id': { description: 'Quote it when you ask about an answer.', schema: { type: 'string' } },
  'ccmessaging-token': {
    description:
      'The chat token to go on with. There when CEC has renewed it, in the answer of a failure too.',
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds after which to come back.',
    schema: { type: 'integer', minimum: 1 },
  },
  'www-authenticate': { description: 'Of RFC 6750.', schema: { type: 'string', const: 'Bearer' } },
}

export const HEADER_COMPONENTS = HEADERS

const headersOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

const json = (schema: JsonSchema, examples: Readonly<Record<string, Example>>) => ({
  'application/json': { schema, ...(Object.keys(examples).length === 0 ? {} : { examples }) },
})

/** How each kind of error is told to people who read the document. */
const summary = ({ name, body }: Told): string => {
  const number = TELLING.map((member) => body[member]).find((value) => value !== undefined)
  return String(number) === name ? name : `${name}: ${number}`
}

const refusalResponse = (status: number, list: readonly Told[], shared: readonly string[]) => {
  const bodies = list.map(({ body }) => body)
  const gateway = OF_THE_GATEWAY[status]
  const schema = bodySchema(bodies)
  const names = new Set([
    ...shared,
    ...list.flatMap(({ headers }) => headers),
    ...(MAY_END_LATER.has(status) ? ['retry-after'] : []),
  ])
  return {
    description: descriptionOf(list, gateway),
    headers: headersOf([...names]),
    content: json(
      gateway === undefined ? schema : { anyOf: [schema, { $ref: '#/components/schemas/GatewayError' }] },
      Object.fromEntries(distinct(list).map((one) => [one.name, { summary: summary(one), value: one.body }])),
    ),
  }
}

/** Where a format tells several codes by one number, the first stands for all. */
const distinct = (list: readonly Told[]): readonly Told[] =>
  list.filter(
    ({ body }, index) =>
      list.findIndex((other) => JSON.stringify(other.body) === JSON.stringify(body)) === index,
  )

const descriptionOf = (list: readonly Told[], gateway: string | undefined): string => {
  const own = [...new Set(list.map(summary))].join(', ')
  return gateway === undefined ? `${own}.` : `${own}. Or API Gateway's own answer, without \`x-request-id\`.`
}

export interface Succeeding {
  readonly says: string
  readonly schema: JsonSchema
  /** Of this answer alone. Default none. */
  readonly headers?: readonly string[] | undefined
  /** Of a validate route, which tells refusals by status 200 too. */
  readonly examples?: Readonly<Record<string, Example>>
}

/** By status. */
export const responsesOf = (
  route: RouteDescriptor,
  { says, schema, headers = [] }: Succeeding,
  refusals: readonly Refusal[],
): Readonly<Record<string, object>> => {
  const { status: successStatus } = route.success
  const all = refusals.map((refusal) => told(route, refusal))
  const shared = ['x-request-id', ...(isInChat(route) ? ['ccmessaging-token'] : [])]
  const statuses = [...new Set(all.map(({ status }) => status))].sort((a, b) => a - b)
  const besides = all.filter(({ status }) => status === successStatus)
  const refused = statuses
    .filter((status) => status !== successStatus)
    .map(
      (status) =>
        [
          status,
          refusalResponse(
            status,
            all.filter((one) => one.status === status),
            shared,
          ),
        ] as const,
    )
  const gatewayAlone = Object.keys(OF_THE_GATEWAY)
    .filter((status) => !statuses.includes(Number(status)))
    .map((status) => [status, ofTheGateway] as const)
  const success = {
    description: says,
    headers: headersOf([...shared, ...headers]),
    content: json(
      schema,
      Object.fromEntries(
        distinct(besides).map((one) => [one.name, { summary: summary(one), value: one.body }]),
      ),
    ),
  }
  return Object.fromEntries([[String(successStatus), success], ...refused, ...gatewayAlone])
}

const ofTheGateway = {
  description: "API Gateway's own answer, without `x-request-id`.",
  content: json({ $ref: '#/components/schemas/GatewayError' }, {}),
}
