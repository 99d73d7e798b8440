/** What validations and chats must show in an account with AWS's limits, as tables. */

import { LAMBDA } from './aws/limits.ts'
import type { ChatFigures, Chats, Spread } from './chats.ts'
import type { Outcomes } from './outcomes.ts'
import { count, type Row, shown } from './report.ts'
import type { ValidationFigures, Validations } from './validations.ts'

const refusals = ({ calls, refused, reasons }: Outcomes): string => {
  const share = calls === 0 ? 0 : (100 * refused) / calls
  const why = Object.entries(reasons).map(([reason, times]) => `${reason} ${count(times)}`)
  return [`${count(refused)} of ${count(calls)} (${share.toFixed(1)} %)`, ...why].join(', ')
}

export const validationsTitle = ({ perSecond, tenants }: Validations): string =>
  `${count(perSecond)} validations a second over ${count(tenants)} tenants, one signing key`

export const validationRows = (figures: ValidationFigures): readonly Row[] => [
  {
    figure: 'refused',
    bound: '0',
    measured: refusals(figures.outcomes),
    isMet: figures.outcomes.refused === 0,
  },
  {
    figure: 'units of the table for each',
    bound: '<= 3.10',
    measured: figures.unitsPerValidation.toFixed(2),
    isMet: figures.unitsPerValidation <= 3.1,
  },
  shown('units of the item that is read most', count(figures.table.hottest.units)),
  shown('executions at once', count(figures.lambda.mostAtOnce)),
]

export const chatsTitle = (scenario: Chats): string => {
  const {
    chats,
    everySeconds,
    vendorMs,
    isHeld,
    validationsPerSecond,
    policy,
    executions = LAMBDA.executions,
  } = scenario
  const { executions: forPolls, shortestSeconds } = policy
  const counted = forPolls === undefined ? 'polls have no limit' : `polls may have ${count(forPolls)}`
  return (
    `${count(chats)} chats, a poll each ${everySeconds} s that CEC ${isHeld ? 'holds for' : 'answers after'} ${count(vendorMs)} ms, ` +
    `beside ${count(validationsPerSecond)} validations a second; of ${count(executions)} executions ${counted}` +
    `${shortestSeconds === undefined ? '' : `, and become as short as ${shortestSeconds} s`}`
  )
}

const spreadOf = ({ median, of99Percent, longest }: Spread): string =>
  `${count(median)} ms, 99 % within ${count(of99Percent)} ms, at most ${count(longest)} ms`

/** In percent, where polls have a limit. Without one the figures show what comes of that, and have no bound. */
const MOST_REFUSED = { reserved: 0, shared: 2 } as const

export const chatRows = (
  { policy, sendEverySeconds, reserved }: Chats,
  { validations, polls, sends, delayMs, messageMs, relay, table }: ChatFigures,
): readonly Row[] => {
  const isBound = policy.executions !== undefined
  const refused = (what: string, of: Outcomes, percent: number): Row =>
    isBound
      ? {
          figure: `${what} refused`,
          bound: `<= ${percent} %`,
          measured: refusals(of),
          isMet: 100 * of.refused <= percent * of.calls,
        }
      : shown(`${what} refused`, refusals(of))
  return [
    refused(
      'validations',
      validations,
      reserved?.validate === undefined ? MOST_REFUSED.shared : MOST_REFUSED.reserved,
    ),
    ...(sendEverySeconds === undefined ? [] : [refused('messages of pages', sends, MOST_REFUSED.shared)]),
    shown('polls refused', refusals(polls)),
    shown('until a due poll is answered', spreadOf(delayMs)),
    shown("until a message of CEC's is heard", spreadOf(messageMs)),
    shown('executions of the relay at once', count(relay.mostAtOnce)),
    shown('units for counting polls', `${count(table.readUnits)} read, ${count(table.writeUnits)} written`),
  ]
}
