/** The OpenAPI document: made of the descriptors and schemas that the functions answer by. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RouteDescriptor } from '../../lib/http/route.ts'
import * as routes from '../../lib/routes.ts'
import type { UserIdSettings } from '../../lib/schemas/ids.ts'
import { ANSWERS } from './answers.ts'
import { sampleRequest } from './examples.ts'
import { type JsonSchema, jsonSchema } from './json-schema.ts'
import { type Endpoint, OPERATIONS } from './operations.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { refusalsOf } from './refusals.ts'
import { HEADER_COMPONENTS, responsesOf } from './responses.ts'
import { SECURITY_SCHEMES, securityOf } from './security.ts'
import { sharedResponses } from './shared-responses.ts'
import { sharedTexts } from './shared-texts.ts'

export interface DocumentSettings extends UserIdSettings {
  readonly url: string
}

/** What serverless.yml has where an operator says nothing, and where the local stage listens. */
export const DEFAULT_SETTINGS: DocumentSettings = { url: 'http://127.0.0.1:3000', USER_ID_MAX_LENGTH: 32 }

const DESCRIPTION = `Enterprise tokens for the users of a site, and the tokens of Huawei CEC, OIAP and Alibaba behind it.

Lengths are in characters, which are Unicode code points. Some rules cannot be said by JSON Schema, and stand in the descriptions:
text in Unicode form NFC, joiners only where a script is spelt with them, at least one visible character, a body of at most 16 KiB that
nests at most 16 levels and gives no member twice. A body is read as JSON whatever its content type says.`

const VERSION = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
).version

export interface OperationObject {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: {
      readonly 'application/json': { readonly schema: JsonSchema; readonly examples: object }
    }
  }
  readonly responses: Readonly<Record<string, object>>
}

export interface OpenApi {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

export const openApi = (settings: DocumentSettings = DEFAULT_SETTINGS): OpenApi => {
  const paths: Record<string, Record<string, OperationObject>> = {}
  const schemas: Record<string, JsonSchema> = { GatewayError: GATEWAY_ERROR }
  for (const endpoint of Object.keys(OPERATIONS) as Endpoint[]) {
    const [method = '', path = ''] = endpoint.split(' ')
    const operation = operationOf(endpoint, settings, schemas)
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation }
  }
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'cec-token-bridge',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: settings.url }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas, headers: HEADER_COMPONENTS, securitySchemes: SECURITY_SCHEMES },
  }
  return sharedTexts(sharedResponses(document))
}

export const routeOf = (endpoint: Endpoint): RouteDescriptor => {
  const route = (Object.values(routes) as readonly RouteDescriptor[]).find(({ endpoints }) =>
    endpoints.includes(endpoint),
  )
  if (route === undefined) throw new Error(`no route has the endpoint ${endpoint}`)
  return route
}

const TAGS = [
  ['own', 'Tokens and users of this system'],
  ['cec', "What CEC asks, and CEC's tokens and chat"],
  ['oiap', "OIAP's tokens"],
  ['live', "Alibaba's tokens"],
] as const

const tagOf = (path: string): string =>
  path.includes('/cc-') || path.includes('/ccmessaging/')
    ? 'cec'
    : path.startsWith('/oifde/')
      ? 'oiap'
      : /^\/(live|api)\//.test(path)
        ? 'live'
        : 'own'

const operationOf = (
  endpoint: Endpoint,
  settings: UserIdSettings,
  schemas: Record<string, JsonSchema>,
): OperationObject => {
  const route = routeOf(endpoint)
  const operation = OPERATIONS[endpoint]
  const { id, says, event, body, query, answerHeaders: headers } = operation
  const sample = sampleRequest(event)
  const bodySchema = body && jsonSchema(body(settings))
  const querySchema = query && jsonSchema(query)
  const parameters = parametersOf(route, querySchema, sample.query)
  const refusals = refusalsOf(route, operation, membersOf(bodySchema ?? querySchema))
  return {
    operationId: id,
    summary: says,
    tags: [tagOf(endpoint.replace(/^\w+ /, ''))],
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(bodySchema && {
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: named(schemas, `${capital(id)}Request`, bodySchema),
            examples: { sample: { value: sample.body } },
          },
        },
      },
    }),
    responses: responsesOf(
      route,
      {
        says: `\`${route.success.code}\` in the log.`,
        schema: named(schemas, `${capital(id)}Answer`, ANSWERS[endpoint]),
        headers,
      },
      refusals,
    ),
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const named = (schemas: Record<string, JsonSchema>, name: string, schema: JsonSchema): JsonSchema => {
  schemas[name] = schema
  return { $ref: `#/components/schemas/${name}` }
}

const membersOf = (schema: JsonSchema | undefined): readonly string[] => {
  const { properties, anyOf = [] } = (schema ?? {}) as { properties?: object; anyOf?: readonly JsonSchema[] }
  return properties === undefined ? anyOf.flatMap(membersOf) : Object.keys(properties)
}

const GATEWAY_ERROR: JsonSchema = {
  type: 'object',
  description: "API Gateway's own answer to a request that no function has answered.",
  properties: { message: { type: 'string' } },
  required: ['message'],
}
