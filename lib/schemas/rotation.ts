/** What Secrets Manager sends to a rotation function (wire-contracts: `{Step, SecretId, ClientRequestToken}`). */

import * as z from 'zod'

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const
export type RotationStep = (typeof ROTATION_STEPS)[number]

/** Unknown members are ignored: the service may add some. */
export const RotationEvent = z.object({
  Step: z.enum(ROTATION_STEPS, 'expected a rotation step'),
  SecretId: z.string('expected a secret').min(1).max(2048),
  /** The id of the version that is being made. */
  ClientRequestToken: z.string('expected a version id').min(32).max(64),
})

export type RotationEvent = z.infer<typeof RotationEvent>
