/** A contract as plain facts, each under a path: what others hold on to. */

export type Value = string | number | boolean

export interface Facts {
  /** What this system gives: whoever reads it misses it when it is gone. */
  readonly gives: Readonly<Record<string, Value>>
  /** What it takes: whoever sends it is refused when it is gone. */
  readonly takes: Readonly<Record<string, Value>>
  /** What others must do: whoever does not do it yet is refused when it is new. */
  readonly demands: readonly string[]
}

/** By subject: routes, errors, secrets and so on. */
export type Contract = Readonly<Record<string, Facts>>

export const NOTHING: Facts = { gives: {}, takes: {}, demands: [] }

const sorted = (values: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))

/** All together, in an order that does not depend on where they come from. */
export const joined = (...all: readonly Partial<Facts>[]): Facts => ({
  gives: sorted(Object.assign({}, ...all.map(({ gives }) => gives))),
  takes: sorted(Object.assign({}, ...all.map(({ takes }) => takes))),
  demands: [...new Set(all.flatMap(({ demands = [] }) => demands))].sort(),
})
