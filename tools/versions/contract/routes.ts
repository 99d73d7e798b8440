/** The routes as facts, by the document of the interface. */

import { openApi } from '../../interface/document.ts'
import type { JsonSchema } from '../../interface/json-schema.ts'
import { type Facts, joined } from './facts.ts'
import { givenFacts, type Resolve, takenFacts } from './schema-facts.ts'

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>
  readonly headers?: object
  readonly $ref?: string
}

export const routeFacts = (): Facts => {
  const document = openApi()
  const resolve: Resolve = (ref) =>
    ref
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((place, name) => (place as Record<string, unknown>)[name], document) as JsonSchema
  const whole = (answer: Body): Body => (answer.$ref === undefined ? answer : (resolve(answer.$ref) as Body))
  const facts = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`
      const { security, parameters = [], requestBody, responses } = operation
      return joined(
        { takes: Object.fromEntries([name, ...callersOf(name, security)].map((fact) => [fact, true])) },
        { demands: requestBody?.required === true ? [`${name} body`] : [] },
        ...parameters.map((parameter) => parameterFacts(name, parameter, resolve)),
        ...Object.values(requestBody?.content ?? {}).map(({ schema }) =>
          takenFacts(`${name} body`, schema, resolve),
        ),
        ...Object.entries(responses).map(([status, answer]) =>
          answerFacts(`${name} ${status}`, whole(answer as Body), resolve),
        ),
      )
    }),
  )
  return joined(...facts)
}

/** Who may call: each alternative is one fact, with all that it asks for together. */
export const callersOf = (route: string, security: readonly object[]): readonly string[] =>
  (security.length === 0 ? [{}] : security).map((together) => {
    const asked = Object.entries(together).map(([kind, scopes]) => [kind, ...(scopes as string[])].join(' '))
    return `${route} for ${asked.length === 0 ? 'anybody' : asked.join(' with ')}`
  })

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: JsonSchema
}

const parameterFacts = (route: string, given: object, resolve: Resolve): Facts => {
  const { name, in: place, required = false, schema = {} } = given as Parameter
  const path = `${route} ${place}.${name}`
  return joined(takenFacts(path, schema, resolve), { demands: required ? [path] : [] })
}

const answerFacts = (path: string, { content = {}, headers = {} }: Body, resolve: Resolve): Facts =>
  joined(
    {
      gives: Object.fromEntries(
        [path, ...Object.keys(headers).map((name) => `${path} ${name}`)].map((fact) => [fact, true]),
      ),
    },
    ...Object.values(content).map(({ schema = {} }) => givenFacts(`${path} body`, schema, { resolve })),
  )
