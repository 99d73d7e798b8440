/** Caller keys that end soon, or have ended. */

import { findCallers } from '../callers/find.ts'
import type { CallersStage } from '../callers/stage.ts'

export interface Ending {
  readonly callerId: string
  /** ISO 8601. */
  readonly endsAt: string
  readonly daysLeft: number
}

const DAY_MS = 24 * 3_600_000

/** Of each caller whose last key ends within so many days: a caller that has a later one was rolled over. The soonest first. */
export const endingKeys = async (
  stage: CallersStage,
  days: number,
  now: Date,
): Promise<readonly Ending[]> => {
  const { listed } = await findCallers(stage, await stage.readSecret())
  const lastEnds = new Map<string, number>()
  for (const { callerId, kind, endsAt } of listed)
    if (kind === 'caller') lastEnds.set(callerId, Math.max(lastEnds.get(callerId) ?? 0, ...endsAt))
  return [...lastEnds]
    .map(([callerId, at]) => ({
      callerId,
      endsAt: new Date(at * 1000).toISOString(),
      daysLeft: Math.floor((at * 1000 - now.getTime()) / DAY_MS),
    }))
    .filter(({ daysLeft }) => daysLeft < days)
    .sort((one, other) => one.daysLeft - other.daysLeft)
}
