/** One step of a doctor's: what comes of it, or what is wrong. */

import { asBridgeError } from '../errors.ts'
import { causeOf } from './causes.ts'
import { type Cause, type Finding, finding, type Place } from './findings.ts'

export type Attempted<Result> =
  | { readonly isGood: true; readonly result: Result }
  | { readonly isGood: false; readonly wrong: Finding }

/** Runs a step. Throws nothing: whatever it throws is a finding at this place, or of the stage where that is what failed. */
export const attempt = async <Result>(
  place: Place,
  step: () => Promise<Result>,
): Promise<Attempted<Result>> => {
  try {
    return { isGood: true, result: await step() }
  } catch (error) {
    return { isGood: false, wrong: findingOf(place, error) }
  }
}

/** What a secret of the stage's own lacks is mended in another way than a tenant's. */
const OF_STAGE: Partial<Readonly<Record<Cause, Cause>>> = {
  SECRET_ABSENT: 'STAGE_SECRET_ABSENT',
  SECRET_MALFORMED: 'STAGE_SECRET_MALFORMED',
}

const findingOf = ({ field, ...place }: Place, error: unknown): Finding => {
  const { code, detail, message } = asBridgeError(error)
  const cause = causeOf(error)
  const isStages =
    cause === 'TABLE_UNREADABLE' || (detail.secret !== undefined && !detail.secret.includes('/tenants/'))
  // A fault of a secret has its own member, or none.
  const at = isStages || detail.secret !== undefined || field === undefined ? {} : { field }
  // The message of this code names the member, and then what was expected.
  const expected = code === 'BODY_INVALID' ? { expected: message.replace(/^\w+: /, '') } : {}
  const own = isStages ? (OF_STAGE[cause] ?? cause) : cause
  return finding({ ...(isStages ? { system: 'stage' } : place), ...at }, own, { ...detail, ...expected })
}
