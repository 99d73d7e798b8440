/** Chats that poll beside CEC's questions, in one account: what the relay's executions leave for all others. */

import { backOffMs } from '../../../client/src/poll-loop.ts'
import { asBridgeError } from '../../../lib/errors.ts'
import type { Table } from '../../../lib/table/table.ts'
import type { PollPolicy } from '../../../lib/vendors/cec/poll-length.ts'
import { pollLoads } from '../../../lib/vendors/cec/poll-load.ts'
import { pollsUnderLoad } from '../../../lib/vendors/cec/polls.ts'
import { type FunctionFigures, lambdaAccount } from './aws/account.ts'
import type { Rate } from './aws/bucket.ts'
import { apiGateway } from './aws/gateway.ts'
import { limitedTable } from './aws/limited-table.ts'
import { processorShare } from './aws/limits.ts'
import { type Spent, tableUnits } from './aws/table-units.ts'
import { chatVendor } from './chat-vendor.ts'
import { type Clock, virtualClock } from './clock.ts'
import { callsAt } from './load.ts'
import { memoryTable } from './memory-table.ts'
import { type Outcomes, outcomes } from './outcomes.ts'
import { seededRandom } from './random.ts'
import { validator } from './validations.ts'

/** Of chatRelay, as serverless/functions.yml has it. */
const MEMORY_MB = 256
/** Of a whole processor, for one poll on a connection that stands. */
const COMPUTE_MS = 2
const START_MS = 400
const TIMEOUT_MS = 29_000
/** Until CEC has taken a message of a page. */
const SEND_MS = 300
const MESSAGE_EVERY_MS = 20_000
const LAST_ANSWER_MS = 60_000
/** Of the validations. */
const RAMP_SECONDS = 5

export interface Chats {
  readonly chats: number
  /** Between the beginnings of two polls of a chat. */
  readonly everySeconds: number
  /** Until CEC answers a poll that finds nothing. */
  readonly vendorMs: number
  /** Whether CEC answers such a poll as soon as there is something. Default at its time alone. */
  readonly isHeld?: boolean
  /** Messages of a page to CEC, through the same function as polls. Default none. */
  readonly sendEverySeconds?: number
  readonly validationsPerSecond: number
  readonly seconds: number
  /** From when on all but functions is counted. Default from the start. */
  readonly countedFromSeconds?: number
  readonly policy: PollPolicy
  readonly routes: { readonly poll: Rate; readonly validate: Rate }
  /** Default none. */
  readonly reserved?: { readonly validate?: number; readonly relay?: number; readonly others?: number }
  readonly executions?: number
}

export interface ChatFigures {
  readonly polls: Outcomes
  readonly sends: Outcomes
  readonly validations: Outcomes
  readonly relay: FunctionFigures
  readonly validate: FunctionFigures
  /** From the moment when a poll was due until it was answered, refused tries included. */
  readonly delayMs: Spread
  /** From the moment when CEC had a message until the page had it. */
  readonly messageMs: Spread
  /** Of the tokens table, for counting polls. */
  readonly table: Spent
}

export interface Spread {
  readonly median: number
  readonly of99Percent: number
  readonly longest: number
}

export const simulateChats = async (scenario: Chats): Promise<ChatFigures> => {
  const {
    chats,
    everySeconds,
    vendorMs,
    isHeld = false,
    sendEverySeconds,
    seconds,
    policy,
    routes,
  } = scenario
  const { validationsPerSecond, countedFromSeconds = 0, reserved = {}, executions } = scenario
  const fromMs = countedFromSeconds * 1_000
  const clock = virtualClock()
  const random = seededRandom(2)
  const account = lambdaAccount(clock, executions)
  const units = tableUnits(clock)
  const newSandbox = relaySandbox({ clock, policy, table: limitedTable(memoryTable(), units) })
  const relay = account.deploy({ ...cap(reserved.relay), startMs: START_MS, newSandbox })
  if (reserved.others !== undefined)
    account.deploy({ reserved: reserved.others, startMs: START_MS, newSandbox: () => undefined })
  const of = validator({ clock, random: seededRandom(3), tenants: 1_000 })
  const validating = account.deploy({ ...cap(reserved.validate), ...of.function })
  const gateway = apiGateway(clock)
  const pollRoute = gateway.route(routes.poll)
  const sendRoute = gateway.route(routes.poll)
  const validateRoute = gateway.route(routes.validate)
  const polls = outcomes(clock, fromMs)
  const sends = outcomes(clock, fromMs)
  const validations = outcomes(clock, fromMs)
  const cec = chatVendor({
    clock,
    random: seededRandom(4),
    vendorMs,
    isHeld,
    messageEveryMs: MESSAGE_EVERY_MS,
  })
  const delays: number[] = []
  const endsAt = seconds * 1_000
  const compute = (): Promise<void> => clock.pause(COMPUTE_MS / processorShare(MEMORY_MB))

  const chat = async (phaseMs: number): Promise<void> => {
    await clock.pause(phaseMs)
    const atCec = cec.newChat()
    const poll = async (): Promise<void> => {
      pollRoute()
      await relay.call(async ({ underLoad }) => {
        await compute()
        const ask = { askedSeconds: undefined, poll: (limit: number) => atCec.poll(limit * 1_000) }
        await underLoad(ask, clock.deadline(TIMEOUT_MS))
      })
    }
    while (clock.elapsed() < endsAt) {
      const dueAt = clock.elapsed()
      for (let failures = 0; ; failures++) {
        const refused = await polls.refusalOf(poll)
        if (refused === undefined) break
        const toldMs = (asBridgeError(refused).detail.retryAfterSeconds ?? 0) * 1_000
        await clock.pause(Math.max(toldMs, backOffMs(failures, random())))
      }
      if (dueAt >= fromMs) delays.push(clock.elapsed() - dueAt)
      await clock.pause(dueAt + everySeconds * 1_000 - clock.elapsed())
    }
  }
  for (let n = 0; n < chats; n++) clock.start(() => chat((everySeconds * 1_000 * n) / chats))

  const load = { rampSeconds: RAMP_SECONDS, endsAt }
  const validate = of.validateIn(validating)
  clock.start(() =>
    callsAt(clock, { ...load, perSecond: validationsPerSecond }, () =>
      validations.refusalOf(async () => {
        validateRoute()
        await validate()
      }),
    ),
  )
  if (sendEverySeconds !== undefined)
    clock.start(() =>
      callsAt(clock, { ...load, perSecond: chats / sendEverySeconds }, () =>
        sends.refusalOf(async () => {
          sendRoute()
          await relay.call(async () => {
            await compute()
            await clock.pause(SEND_MS)
          })
        }),
      ),
    )
  await clock.run(endsAt + LAST_ANSWER_MS)
  return {
    polls: polls.sum(),
    sends: sends.sum(),
    validations: validations.sum(),
    relay: relay.figures(),
    validate: validating.figures(),
    delayMs: spread(delays),
    messageMs: spread(cec.delaysFrom(fromMs)),
    table: units.spent(),
  }
}

interface RelayOf {
  readonly clock: Clock
  readonly policy: PollPolicy
  readonly table: Table
}

/** The real count of polls, in sandboxes that share a table, and the real policy. */
const relaySandbox = ({ clock, policy, table }: RelayOf) => {
  const random = seededRandom(5)
  const shared = { now: clock.now, random }
  return () => ({
    underLoad: pollsUnderLoad({
      ...shared,
      policy,
      loads: pollLoads({ ...shared, table, log: () => undefined }),
    }),
  })
}

const cap = (reserved: number | undefined) => (reserved === undefined ? {} : { reserved })

const spread = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return { median: at(0.5), of99Percent: at(0.99), longest: at(1) }
}
