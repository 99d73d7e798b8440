import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Endpoint, OPERATIONS } from '../../../tools/interface/operations.ts'
import { ROUTES, type RouteName, routeOf } from '../../attacks/routes.ts'
import { type AttackWorld, startAttackWorld } from '../../attacks/world.ts'
import { DESCRIPTORS } from '../../support/descriptors.ts'
import { committed, documented, endpointOf } from '../../support/documented.ts'
import { EXCEPTIONS, exceptionOf } from '../../support/interface-exceptions.ts'
import { type Mutation, membersOf, mutations } from '../../support/mutations.ts'
import { call, type Outcome, type RequestParts } from '../../support/world.ts'

/** Log codes of a request that is not what it should be. */
const OF_INPUT = /^(BODY_|QUERY_INVALID$|FILE_TOO_LARGE$)/

let world: AttackWorld
beforeAll(async () => {
  world = await startAttackWorld()
}, 120_000)
afterAll(() => world.close())

const names = (Object.keys(ROUTES) as RouteName[]).filter((name) => name !== 'listedValidate')

/** The route under attack that an endpoint is. */
const routeNameOf = (endpoint: Endpoint): RouteName | undefined =>
  names.find((name) => {
    const { success, good } = routeOf(name)
    const { name: functionName = '' } = DESCRIPTORS.find((route) => route.success.code === success) ?? {}
    const { routeKey, method = 'POST' } = good(world)
    return endpointOf(functionName, routeKey, method) === endpoint
  })

const { document, takes } = committed()

const inputsOf = (endpoint: Endpoint, good: RequestParts): readonly Mutation[] => {
  const [method = '', path = ''] = endpoint.split(' ')
  const operation = document.paths[path]?.[method.toLowerCase()]
  const { parameters = [], requestBody } = operation ?? {}
  const members =
    requestBody === undefined
      ? membersOf(document, {
          properties: Object.fromEntries(
            parameters.filter((one) => one.in === 'query').map((one) => [one.name, one.schema]),
          ),
        })
      : membersOf(document, requestBody.content['application/json'].schema)
  const all = mutations(members, (good.body ?? good.query) as Readonly<Record<string, unknown>>)
  // A query holds texts alone.
  return requestBody === undefined
    ? all.filter(
        ({ input }) => isRecord(input) && Object.values(input).every((value) => typeof value === 'string'),
      )
    : all
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sentencesOf = ({ body }: Outcome): readonly string[] =>
  String(body.message ?? body.exceptionInfo ?? body.errorMsg ?? body.Message ?? '').split('; ')

const ask = async (endpoint: Endpoint, name: RouteName, parts: RequestParts): Promise<Outcome> => {
  world.tick(name)
  const [method] = endpoint.split(' ')
  return call(world.vendors, world.handlers[name], { ...parts, method: method as 'POST', routeKey: endpoint })
}

let sent = 0

describe('docs/openapi.json and the routes', () => {
  const endpoints = (Object.keys(OPERATIONS) as Endpoint[]).filter((endpoint) => {
    const { body, query } = OPERATIONS[endpoint]
    return body !== undefined || query !== undefined
  })

  it.each(endpoints)(
    '%s: what the document refuses, the route refuses; what it takes, the route takes',
    async (endpoint) => {
      const name = routeNameOf(endpoint) as RouteName
      const { success } = routeOf(name)
      const good = routeOf(name).good(world)
      const wrong: string[] = []
      for (const { what, input } of inputsOf(endpoint, good)) {
        const parts =
          good.query === undefined
            ? { ...good, body: input }
            : { ...good, query: input as Record<string, string> }
        const outcome = await ask(endpoint, name, parts)
        sent += 1
        const isRefused = OF_INPUT.test(outcome.line.code)
        const isTaken = takes(endpoint, input)
        if (what === 'the good one') expect([isTaken, outcome.line.code]).toEqual([true, success])
        if (isTaken !== isRefused) continue
        const isExcepted =
          isTaken && sentencesOf(outcome).every((sentence) => exceptionOf(sentence) !== undefined)
        if (!isExcepted)
          wrong.push(
            `${what}: the document ${isTaken ? 'takes' : 'refuses'} it, the route ${outcome.line.code} ${outcome.text.slice(0, 120)}`,
          )
      }
      expect(wrong).toEqual([])
    },
  )

  it('have been asked more than 1,000 inputs', () => {
    expect(sent).toBeGreaterThan(1000)
  })

  it.each(EXCEPTIONS)('differ in $what: the document takes it, and says it in words', async (exception) => {
    const { endpoint, says, wrong, twin } = exception
    const name = routeNameOf(endpoint) as RouteName
    const good = routeOf(name).good(world)
    const outcomeOf = async (changes: typeof wrong): Promise<Outcome> => {
      const rawBody =
        typeof changes === 'function'
          ? changes(good.body as object)
          : JSON.stringify({ ...(good.body as object), ...changes })
      expect(takes(endpoint, JSON.parse(rawBody))).toBe(true)
      const { body: _, ...rest } = good
      return ask(endpoint, name, { ...rest, rawBody })
    }
    const refused = await outcomeOf(wrong)
    expect([OF_INPUT.test(refused.line.code), ...sentencesOf(refused)]).toEqual([
      true,
      expect.stringMatching(says),
    ])
    expect(OF_INPUT.test((await outcomeOf(twin)).line.code)).toBe(false)
  })

  it('are told apart by a wrong limit: one character more in the document is found', async () => {
    const planted = structuredClone(document) as unknown as {
      components: { schemas: Record<string, { maxLength: number }> }
    }
    const { Id32: limited } = planted.components.schemas
    if (limited === undefined) throw new Error('expected Id32 in the document')
    limited.maxLength += 1
    const name = routeNameOf('PUT /users') as RouteName
    const good = routeOf(name).good(world)
    const input = { ...(good.body as object), userId: 'a'.repeat(33) }
    expect([takes('PUT /users', input), documented(planted as never).takes('PUT /users', input)]).toEqual([
      false,
      true,
    ])
    const { line } = await ask('PUT /users', name, { ...good, body: input })
    expect(line.code).toBe('BODY_INVALID')
  })
})
