import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { SecretSourceError } from '../../../lib/secrets/source.ts'
import { failureText } from '../../../tools/local/next-step.ts'
import { openStage } from '../../../tools/operator/rotate/stage.ts'

const RIGHTS = 'dynamodb:Query on something'
const named = (name: string, members: object = {}) =>
  Object.assign(new Error('words of AWS'), { name, ...members })

describe('commands on a stage: every failure says what to do next', () => {
  it.each([
    [
      named('Error', { code: 'ECONNREFUSED' }),
      'local',
      'ECONNREFUSED: Nothing answers there. Start a stage with npm start',
    ],
    [named('Error', { code: 'ENOTFOUND' }), 'prod', 'ENOTFOUND: AWS cannot be reached.'],
    [named('CredentialsProviderError'), 'prod', 'CredentialsProviderError: AWS does not know you. Sign in'],
    [named('ExpiredTokenException'), 'prod', 'ExpiredTokenException: AWS does not know you.'],
    [
      named('AccessDeniedException'),
      'prod',
      `AccessDeniedException: You may not do this. It needs ${RIGHTS}.`,
    ],
    [
      new SecretSourceError('final', 'ResourceNotFoundException'),
      'prod',
      'There is no stage "prod" at that place. Check --stage',
    ],
    [
      new BridgeError('DIRECTORY_UNAVAILABLE', 'x', { detail: { reason: 'AccessDeniedException' } }),
      'prod',
      `You may not do this. It needs ${RIGHTS}.`,
    ],
    [
      new BridgeError('TOKEN_STORE_UNAVAILABLE', 'x', {
        detail: { reason: 'Error' },
        cause: named('Error', { code: 'ECONNREFUSED' }),
      }),
      'local',
      'ECONNREFUSED: Nothing answers there. Start a stage with npm start',
    ],
    [
      named('InvalidRequestException'),
      'prod',
      'Wait a minute and run the command again; if it stays so, add --begin-anew.',
    ],
    [
      new SecretSourceError('final', 'InvalidRequestException', {
        cause: new Error(
          "You can't perform this operation on the secret because it was marked for deletion.",
        ),
      }),
      'prod',
      'InvalidRequestException: A secret of the stage is marked for deletion. It can be restored as it was: npm run adopt',
    ],
    [new Error('Region is missing'), 'prod', 'No region is given. Add --region <region>.'],
    [
      new SecretSourceError('final', 'Error', { cause: new Error('Region is missing') }),
      'prod',
      'No region is given. Add --region <region>.',
    ],
    [
      named('Error', { code: 'EISDIR', syscall: 'open', path: '/a' }),
      'local',
      'EISDIR: /a: it is a folder, and a file was expected. Mend that, and run the command again.',
    ],
    [
      named('Error', { code: 'ENOSPC', syscall: 'write' }),
      'prod',
      'ENOSPC: A file of this machine: the disk is full. Mend that, and run the command again.',
    ],
    [named('Error', { code: 'EACCES', syscall: 'connect' }), 'prod', 'EACCES: AWS cannot be reached.'],
    [new Error('Too early: …'), 'local', 'Too early: …'],
  ])('%s', (error, stage, text) => {
    expect(failureText(error, stage, RIGHTS)).toContain(text)
  })

  it('a deployed stage is asked where the SDK looks, with its region', () => {
    const stage = openStage('prod', 'eu-west-1')
    expect(stage).toMatchObject({ name: 'prod', place: 'eu-west-1' })
    stage.close()
  })
})
