import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { claims, foreignKey, header, mint, privateKeyOf } from '../support/mint.ts'
import { question } from '../support/refusals.ts'
import { contextWith, eventOf, type RequestParts, startWorld, type World } from '../support/world.ts'

const REQUESTS = 20_000
const SEED = 20_261_122

let world: World
let validate: HttpHandler

beforeAll(async () => {
  world = await startWorld()
  const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
  validate = validateEnterpriseToken(world.runtime())
})
afterAll(() => world.close())

interface Generated {
  readonly kind: 'free-form' | 'mutated' | 're-signed' | 'untouched'
  readonly parts: RequestParts
}

/** Whatever may arrive: bytes, text, JSON of any shape, and JSON with the right members and odd values. */
const freeForm: fc.Arbitrary<RequestParts> = fc.oneof(
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => ({ rawBody: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
  fc.string({ unit: 'binary', maxLength: 300 }).map((rawBody) => ({ rawBody })),
  fc.string({ maxLength: 100 }).map((rawBody) => ({ rawBody, isBase64Encoded: true })),
  fc.json({ maxDepth: 20 }).map((rawBody) => ({ rawBody })),
  fc.jsonValue().map((body) => ({ body })),
  fc
    .record(
      {
        Token: fc.oneof(fc.string(), fc.jsonValue()),
        userName: fc.jsonValue(),
        userId: fc.jsonValue(),
        tenantSpaceId: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((body) => ({ body })),
  fc
    .record({ Token: fc.stringMatching(/^[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,90}$/) })
    .map(({ Token }) => ({ body: question(Token) })),
)

const CLAIMS = ['iss', 'aud', 'sub', 'name', 'jti', 'ver', 'iat', 'exp'] as const
const MEMBERS = ['Token', 'userName', 'userId', 'tenantSpaceId'] as const

/** A value that is not what was there; `undefined` leaves the member out. */
const other = (value: unknown): fc.Arbitrary<unknown> =>
  fc
    .oneof(
      fc.constant(undefined),
      fc.jsonValue(),
      fc.string(),
      fc.integer(),
      fc.constant(`${value} `),
      fc.constant([value]),
    )
    .filter((changed) => JSON.stringify(changed) !== JSON.stringify(value))

/** One claim or header member changed and signed again by the true key; jti and times only to forms never issued. */
const reSigned: fc.Arbitrary<() => RequestParts> = fc.oneof(
  fc.constantFrom(...CLAIMS).chain((name) =>
    other(claims()[name])
      .filter((value) => !['jti', 'iat', 'exp'].includes(name) || !isPlausible(name, value))
      .map((value) => () => signedWith({}, { [name]: value })),
  ),
  fc.record({ tenant: fc.nat(9), user: fc.nat({ max: 2 ** 40 }) }).map(({ tenant, user }) => () => {
    return signedWith({}, { ver: `${tenant}.${user + 1}` })
  }),
  fc
    .integer({ min: 1, max: 90 })
    .map((seconds) => () => signedWith({}, { exp: Math.floor(Date.now() / 1000) - seconds })),
  fc.constantFrom('alg', 'kid', 'typ', 'crit', 'jku').chain((name) =>
    other(header(activeKey().kid)[name])
      .filter((value) => value !== undefined || name in header(''))
      .map((value) => () => signedWith({ [name]: value }, {})),
  ),
)

const isPlausible = (name: string, value: unknown): boolean =>
  name === 'jti'
    ? typeof value === 'string' && /^[\w-]{16,64}$/.test(value)
    : typeof value === 'number' && value > 1e9

const mutated: fc.Arbitrary<() => RequestParts> = fc.oneof(
  fc
    .constantFrom(...MEMBERS)
    .chain((name) =>
      other(question('')[name]).map((value) => () => ({ body: question(goodToken(), { [name]: value }) })),
    ),
  fc.tuple(fc.nat(), fc.constantFrom(...'AZaz09-_.= \n%\u0000é')).map(([at, letter]) => () => {
    const token = goodToken()
    const index = at % token.length
    const changed = token.slice(0, index) + letter + token.slice(index + 1)
    return { body: question(changed === token ? `${token}A` : changed) }
  }),
  fc.constant(() => ({ body: question(mint(header(activeKey().kid), claims(), stranger)) })),
)

const stranger = foreignKey()
const activeKey = () => {
  const key = world.ring.signingKey.keys.find(({ state }) => state === 'active')
  if (key === undefined) throw new TypeError('the ring has no active key')
  return key
}
const signedWith = (head: Record<string, unknown>, change: Record<string, unknown>): RequestParts => {
  const key = activeKey()
  const iat = Math.floor(Date.now() / 1000) - 100
  return { body: question(mint(header(key.kid, head), claims({ iat, ...change }), privateKeyOf(key))) }
}
const goodToken = (): string => mint(header(activeKey().kid), claims(), privateKeyOf(activeKey()))

/** Half free-form, half one-field mutations of which half are signed again, every 100th untouched. */
const requests = (): Generated[] => {
  const half = REQUESTS / 2
  const free = fc.sample(freeForm, { numRuns: half, seed: SEED })
  const signed = fc.sample(reSigned, { numRuns: half / 2, seed: SEED })
  const plain = fc.sample(mutated, { numRuns: half / 2, seed: SEED })
  return Array.from({ length: REQUESTS }, (_, index): Generated => {
    if (index % 100 === 99) return { kind: 'untouched', parts: { body: question(goodToken()) } }
    const nth = Math.floor(index / 4)
    if (index % 2 === 0) return { kind: 'free-form', parts: free[index / 2] ?? {} }
    return index % 4 === 1
      ? { kind: 're-signed', parts: signed[nth]?.() ?? {} }
      : { kind: 'mutated', parts: plain[nth]?.() ?? {} }
  })
}

describe(`${REQUESTS} generated requests to the exported handler`, () => {
  it('throw nothing, are never a 5xx, and get retCode 0 exactly when untouched', {
    timeout: 120_000,
  }, async () => {
    const counts: Record<string, number> = {}
    for (const { kind, parts } of requests()) {
      const { statusCode, body } = await validate(eventOf(parts), contextWith())
      const { retCode, message } = JSON.parse(body)
      const verdict = { kind, statusCode, isGood: retCode === 0, hasMessage: message.length > 0 }
      const expected = { kind, statusCode: 200, isGood: kind === 'untouched', hasMessage: true }
      if (JSON.stringify(verdict) !== JSON.stringify(expected)) {
        expect({ ...verdict, code: world.lines.at(-1)?.code, parts }).toEqual(expected)
      }
      counts[`${kind} ${retCode}`] = (counts[`${kind} ${retCode}`] ?? 0) + 1
    }
    const unforeseen = world.lines.filter(
      ({ code }) => code === 'INTERNAL' || code === 'DIRECTORY_UNAVAILABLE',
    )
    expect(unforeseen).toEqual([])
    expect(counts['untouched 0']).toBe(REQUESTS / 100)
    expect(world.lines).toHaveLength(REQUESTS)
    // Each class that bad input alone can reach was reached: the generator is not stuck at the door.
    const reached = Object.keys(counts).map((key) => key.slice(-1))
    expect(['0', '1', '2', '3', '4', '5'].filter((retCode) => !reached.includes(retCode))).toEqual([])
    console.log(counts)
  })
})
