/** Chats that poll beside CEC's questions, in one account: what the relay's executions leave for all others. */

import { backOffMs } from '../../../client/src/poll-loop.ts'
import { type PollPolicy, pollSeconds } from '../../../lib/vendors/cec/poll-length.ts'
import { type FunctionFigures, lambdaAccount } from './aws/account.ts'
import type { Rate } from './aws/bucket.ts'
import { apiGateway } from './aws/gateway.ts'
import { processorShare } from './aws/limits.ts'
import { virtualClock } from './clock.ts'
import { callsAt } from './load.ts'
import { type Outcomes, outcomes } from './outcomes.ts'
import { seededRandom } from './random.ts'
import { validator } from './validations.ts'

/** Of chatRelay, as serverless/functions.yml has it. */
const MEMORY_MB = 256
/** Of a whole processor, for one poll on a connection that stands. */
const COMPUTE_MS = 2
const START_MS = 400
const LAST_ANSWER_MS = 60_000
/** Of the validations. */
const RAMP_SECONDS = 5

export interface Chats {
  readonly chats: number
  /** Between the beginnings of two polls of a chat. */
  readonly everySeconds: number
  /** Until CEC answers a poll. It holds one for as long as there is nothing new: then the relay cuts it. */
  readonly vendorMs: number
  readonly validationsPerSecond: number
  readonly seconds: number
  readonly policy: PollPolicy
  readonly routes: { readonly poll: Rate; readonly validate: Rate }
  /** Default none. */
  readonly reserved?: { readonly validate?: number; readonly relay?: number; readonly others?: number }
  readonly executions?: number
}

export interface ChatFigures {
  readonly polls: Outcomes
  readonly validations: Outcomes
  readonly relay: FunctionFigures
  readonly validate: FunctionFigures
  /** From the moment when a poll was due until it was answered, refused tries included. */
  readonly delayMs: { readonly median: number; readonly of99Percent: number; readonly longest: number }
}

export const simulateChats = async (scenario: Chats): Promise<ChatFigures> => {
  const { chats, everySeconds, vendorMs, validationsPerSecond, seconds, policy, routes } = scenario
  const { reserved = {}, executions } = scenario
  const clock = virtualClock()
  const random = seededRandom(2)
  const account = lambdaAccount(clock, executions)
  const relay = account.deploy({ ...cap(reserved.relay), startMs: START_MS, newSandbox: () => undefined })
  if (reserved.others !== undefined)
    account.deploy({ reserved: reserved.others, startMs: START_MS, newSandbox: () => undefined })
  const of = validator({ clock, random: seededRandom(3), tenants: 1_000 })
  const validating = account.deploy({ ...cap(reserved.validate), ...of.function })
  const gateway = apiGateway(clock)
  const pollRoute = gateway.route(routes.poll)
  const validateRoute = gateway.route(routes.validate)
  const polls = outcomes(clock)
  const validations = outcomes(clock)
  const delays: number[] = []
  const endsAt = seconds * 1_000

  const poll = async (): Promise<void> => {
    pollRoute()
    await relay.call(async () => {
      await clock.pause(COMPUTE_MS / processorShare(MEMORY_MB))
      await clock.pause(Math.min(vendorMs, pollSeconds(policy) * 1_000))
    })
  }

  const chat = async (phaseMs: number): Promise<void> => {
    await clock.pause(phaseMs)
    while (clock.elapsed() < endsAt) {
      const dueAt = clock.elapsed()
      for (let failures = 0; !(await polls.of(poll)); failures++)
        await clock.pause(backOffMs(failures, random()))
      delays.push(clock.elapsed() - dueAt)
      await clock.pause(dueAt + everySeconds * 1_000 - clock.elapsed())
    }
  }
  for (let n = 0; n < chats; n++) clock.start(() => chat((everySeconds * 1_000 * n) / chats))

  const validate = of.validateIn(validating)
  const load = { perSecond: validationsPerSecond, rampSeconds: RAMP_SECONDS, endsAt }
  clock.start(() =>
    callsAt(clock, load, () =>
      validations.of(async () => {
        validateRoute()
        await validate()
      }),
    ),
  )
  await clock.run(endsAt + LAST_ANSWER_MS)
  return {
    polls: polls.sum(),
    validations: validations.sum(),
    relay: relay.figures(),
    validate: validating.figures(),
    delayMs: spread(delays),
  }
}

const cap = (reserved: number | undefined) => (reserved === undefined ? {} : { reserved })

const spread = (values: readonly number[]): ChatFigures['delayMs'] => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return { median: at(0.5), of99Percent: at(0.99), longest: at(1) }
}
