/** What validations and chats must show in an account with AWS's limits, as tables. */

import type { ChatFigures, Chats } from './chats.ts'
import type { Outcomes } from './outcomes.ts'
import { count, type Row, row, shown } from './report.ts'
import type { ValidationFigures, Validations } from './validations.ts'

const refusals = ({ calls, refused, reasons }: Outcomes): string => {
  const share = calls === 0 ? 0 : (100 * refused) / calls
  const why = Object.entries(reasons).map(([reason, times]) => `${reason} ${count(times)}`)
  return [`${count(refused)} of ${count(calls)} (${share.toFixed(1)} %)`, ...why].join(', ')
}

export const validationsTitle = ({ perSecond, tenants }: Validations): string =>
  `${count(perSecond)} validations a second over ${count(tenants)} tenants, one signing key`

export const validationRows = (figures: ValidationFigures): readonly Row[] => [
  row('refused', '0', refusals(figures.outcomes), figures.outcomes.refused === 0),
  row(
    'units of the table for each',
    '<= 3.10',
    figures.unitsPerValidation.toFixed(2),
    figures.unitsPerValidation <= 3.1,
  ),
  shown('units of the item that is read most', count(figures.table.hottest.units)),
  shown('executions at once', count(figures.lambda.mostAtOnce)),
]

export const chatsTitle = ({ chats, everySeconds, vendorMs, validationsPerSecond }: Chats): string =>
  `${count(chats)} chats, a poll each ${everySeconds} s that CEC answers after ${vendorMs} ms, ` +
  `beside ${count(validationsPerSecond)} validations a second`

export const chatRows = ({ validations, polls, delayMs, relay }: ChatFigures): readonly Row[] => [
  row('validations refused', '0', refusals(validations), validations.refused === 0),
  shown('polls refused', refusals(polls)),
  shown(
    'until a due poll is answered',
    `${count(delayMs.median)} ms, 99 % within ${count(delayMs.of99Percent)} ms, at most ${count(delayMs.longest)} ms`,
  ),
  shown('executions of the relay at once', count(relay.mostAtOnce)),
]
