/** What Secrets Manager sends to a rotation function (wire-contracts: `{Step, SecretId, ClientRequestToken}`). */

import * as z from 'zod/mini'

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const
export type RotationStep = (typeof ROTATION_STEPS)[number]

/** Unknown members are ignored: the service may add some. */
export const RotationEvent = z.object({
  Step: z.enum(ROTATION_STEPS, 'expected a rotation step'),
  SecretId: z.string('expected a secret').check(z.minLength(1), z.maxLength(2048)),
  /** The id of the version that is being made. */
  ClientRequestToken: z.string('expected a version id').check(z.minLength(32), z.maxLength(64)),
})

export type RotationEvent = z.infer<typeof RotationEvent>
