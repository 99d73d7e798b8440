/** The steps as text: a line as each comes, with its time and answer. */

import type { Outcome } from './step.ts'

const NAME_WIDTH = 52

export const line = ({ step, seconds, ok, answer }: Outcome): string =>
  `${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${step.padEnd(NAME_WIDTH)}  ${answer}`

export const summary = (outcomes: readonly Outcome[], planned: number): string => {
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0)
  const good = outcomes.filter(({ ok }) => ok).length
  return `${good} of ${planned} steps in ${seconds.toFixed(0)} s`
}
