/**
 * Every fault of a vendor on one route: runs the table of cases, and prints what each leads to. What a case expects are
 * literals from the vendors' documents and docs/reference/errors.md, not derived from the code's own table: status and exact body in the
 * route's error format, the calls that the emulator counted, log code.
 */

import { afterAll, beforeAll, expect } from 'vitest'
import type { FaultName } from '../../tools/local/upstreams/faults.ts'
import type { VendorFunctionName } from './functions.ts'
import { newChatToken, startVendorWorld, type VendorWorld } from './vendor-world.ts'
import { call, contextWith, type RequestParts } from './world.ts'

export interface Fault {
  readonly fault: FaultName
  readonly body?: string
  readonly times?: number | 'always'
  readonly ms?: number
  readonly seconds?: number
  readonly status?: number
  readonly code?: string | number
}

export interface Expected {
  readonly status: number
  /** `undefined` for a good answer, which has a test of its own. */
  readonly body?: object
  readonly calls: Readonly<Record<string, number>>
  readonly code: string
  readonly retryAfter?: string
}

export type Case = readonly [on: string, fault: Fault, expected: Expected]

export const always = (fault: FaultName, more: Omit<Fault, 'fault'> = {}): Fault => ({
  fault,
  times: 'always',
  ...more,
})

/** What a system makes of an answer. */
export interface Outcomes {
  readonly good: Outcome
  readonly unexpected: Outcome
  readonly tooLong: Outcome
  readonly throttled: Outcome
}
export type Outcome = Omit<Expected, 'calls' | 'retryAfter'>

/** An address that the vendor does not know. */
export const NOT_FOUND = always('reply', { status: 404, body: '<html>Not Found</html>' })

/** What callers are told; of a vendor that answered, with its name. */
export const words = (vendor: string) => ({
  unavailable: 'not possible at the moment, try again later',
  timeout: 'the vendor did not answer in time',
  tooLong: 'expected a shorter answer',
  refused: `${vendor} refuses without a reason: check key, secret and address list of this tenant`,
  throttled: `${vendor} asks for fewer calls: try later`,
  unexpected: `${vendor} answers in a way that its documents do not describe`,
  invalid: `${vendor} does not accept the request: check its parameters`,
  entitlement: `${vendor} does not serve this tenant: check the purchase and the status of its account`,
  credential: `${vendor} refuses the credentials of this tenant: check key and secret in its settings`,
  values: `${vendor} refuses the values of the request: check channelId, userId, userName and locale`,
  settings: (members: string) => `${vendor} refuses the settings of this tenant: check ${members}`,
  permission: `${vendor} does not permit this call: check that the RAM user of this tenant may do live:GetMessageToken (docs/alibaba-ram-policy.json)`,
  address: (setting: string) =>
    `${vendor} does not know the address: check ${setting} in the settings of this tenant`,
  chatToken: 'ccmessaging-token: expected one that CEC still takes, ask applyToken for another',
})

/** What boxes and fashions make of an answer, on every call alike. `onward` is what follows a good one. */
export const onTheWay = (
  on: string,
  { good, unexpected, tooLong, throttled }: Outcomes,
  calls: Expected['calls'],
  onward: Expected['calls'] = {},
): readonly Case[] => {
  const none = Object.fromEntries(Object.keys(onward).map((name) => [name, 0]))
  return [
    ...(['gzip', 'br', 'deflate', 'bom', 'other-case'] as const).map(
      (fault): Case => [on, always(fault), { ...good, calls: { ...calls, ...onward } }],
    ),
    [on, always('gzip-bomb'), { ...tooLong, calls: { ...calls, ...none } }],
    [on, always('not-http'), { ...unexpected, calls: { ...calls, ...none } }],
    [
      on,
      always('retry-after-date', { seconds: 3600 }),
      { ...throttled, retryAfter: '3600', calls: { ...calls, ...none } },
    ],
  ]
}

/** The route, whose fault it is, and the good request that every fault is tried with. */
interface FaultyRoute {
  readonly route: string
  readonly handler: VendorFunctionName
  readonly vendor: 'cec' | 'oiap' | 'live'
  /** `chatToken` is the one that a page would have now; made only where `isChat`. */
  readonly parts: (world: VendorWorld, chatToken: string) => RequestParts
  readonly isChat?: boolean
}

/** A request of a back end with this body. */
export const withKey =
  (body: object) =>
  (world: VendorWorld): RequestParts => ({ headers: world.authorization, body })

const describeFault = ({ fault, times = 1, ms, seconds, status, code }: Fault): string =>
  [
    fault,
    times === 'always' ? '' : `×${times}`,
    ...[ms && `${ms} ms`, seconds && `${seconds} s`, status, code].filter(Boolean),
  ]
    .filter(Boolean)
    .join(' ')

/** The cases as `it.each` takes them, each with a name of its own. */
export const named = (cases: readonly Case[]) =>
  cases.map(([on, fault, expected]) => ({ on, fault, expected, name: `${describeFault(fault)} on ${on}` }))

type NamedCase = ReturnType<typeof named>[number]

/** Starts the vendors for a test file; what it returns runs one case. Prints the file's rows at the end. */
export const faultsOf = ({ route, handler, vendor, parts, isChat = false }: FaultyRoute) => {
  const rows: string[][] = []
  let world: VendorWorld
  let chatToken = ''

  beforeAll(async () => {
    world = await startVendorWorld({ cec: { pollMs: 50 } })
    if (isChat) chatToken = await newChatToken(world)
  })
  afterAll(() => {
    printMatrix(rows)
    return world.close()
  })

  return async ({ on, fault, expected }: NamedCase): Promise<void> => {
    // Prepare: a new sandbox and an empty table, since tokens and some faults are remembered
    await world.clearTokens()
    const emulator = world.vendors[vendor]
    const sandbox = await world.fresh(handler)
    emulator.resetCalls()
    emulator.fail({ call: on, ...fault })
    // Act
    const context = contextWith(fault.fault === 'silent' ? SHORT_OF_TIME_MS : ENOUGH_TIME_MS)
    const { status, body, line, headers } = await call(world, sandbox, parts(world, chatToken), context)
    emulator.clearFaults()
    // A page goes on with the token that an answer brings, a failure's included: the old one is dead.
    chatToken = headers['ccmessaging-token'] ?? chatToken
    // Assess
    const calls = Object.fromEntries(Object.keys(expected.calls).map((name) => [name, emulator.calls(name)]))
    expect({ status, code: line.code, calls, retryAfter: headers['retry-after'] }).toEqual({
      status: expected.status,
      code: expected.code,
      calls: expected.calls,
      retryAfter: expected.retryAfter,
    })
    if (expected.body !== undefined) expect(body).toEqual(expected.body)
    if (expected.status === 504)
      expect(context.getRemainingTimeInMillis()).toBeGreaterThanOrEqual(LEFT_AFTER_TIME_OUT_MS)
    const counts = Object.entries(calls).map(([name, count]) => `${name} ${count}`)
    rows.push([
      route,
      on,
      describeFault(fault),
      String(status),
      line.code,
      headers['retry-after'] ?? '',
      counts.join(', '),
    ])
    // The twin: the same request without the fault, where nobody has seen one
    await world.clearTokens()
    const twin = await call(world, await world.fresh(handler), parts(world, chatToken))
    expect(twin.status).toBe(200)
  }
}

/** What Lambda gives a request: for a vendor that never answers, so little that the test need not wait for long. */
const SHORT_OF_TIME_MS = 2_500
const ENOUGH_TIME_MS = 10_000
/** A time-out is answered while there is still time to write the answer down. */
const LEFT_AFTER_TIME_OUT_MS = 1_000

const printMatrix = (rows: readonly string[][]): void => {
  const header = [
    'route',
    'call at fault',
    'fault',
    'status',
    'log code',
    'Retry-After',
    'calls counted by the emulator',
  ]
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  console.log([line(header), ...rows.map(line), `${rows.length} cases`].join('\n'))
}
