import { describe, expect, it } from 'vitest'
import { ROTATION_STEPS, RotationEvent } from '../../../lib/schemas/rotation.ts'
import { faultsIn, without } from '../../support/schemas.ts'

const EVENT = {
  Step: 'createSecret',
  SecretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:signing-key-abcdef',
  ClientRequestToken: '0'.repeat(32),
}

describe('lib/schemas/rotation: RotationEvent', () => {
  it.each(ROTATION_STEPS)('takes step %s, and ignores members that the service may add', (Step) => {
    expect(RotationEvent.parse({ ...EVENT, Step, RotationToken: 'x' })).toEqual({ ...EVENT, Step })
  })

  it.each([
    ['another step', { ...EVENT, Step: 'deleteSecret' }, 'Step: expected a rotation step'],
    ['no secret', without(EVENT, 'SecretId'), 'SecretId: expected a secret'],
    ['no version', without(EVENT, 'ClientRequestToken'), 'ClientRequestToken: expected a version id'],
  ])('refuses %s', (_, event, fault) => {
    expect(faultsIn(RotationEvent, event)).toBe(fault)
  })

  it.each([31, 65])('refuses a version id of %i characters', (length) => {
    const event = { ...EVENT, ClientRequestToken: '0'.repeat(length) }
    expect(faultsIn(RotationEvent, event)).toMatch(/^ClientRequestToken: /)
  })
})
