/** Every action that the emulator knows, in one place. */
import type { Input } from './input.ts'
import { describeSecret, getSecretValue, listSecrets } from './read-actions.ts'
import { cancelRotateSecret, rotateSecret } from './rotate-actions.ts'
import type { Rotations } from './rotations.ts'
import type { SecretStore } from './store.ts'
import {
  createSecret,
  deleteSecret,
  putSecretValue,
  restoreSecret,
  updateSecret,
  updateSecretVersionStage,
} from './write-actions.ts'

/** Answers one request, or throws an AwsError. A refused request changes nothing. */
export type Action = (input: Input, store: SecretStore, rotations: Rotations) => object

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['CancelRotateSecret', cancelRotateSecret],
  ['CreateSecret', createSecret],
  ['DeleteSecret', deleteSecret],
  ['DescribeSecret', describeSecret],
  ['GetSecretValue', getSecretValue],
  ['ListSecrets', listSecrets],
  ['PutSecretValue', putSecretValue],
  ['RestoreSecret', restoreSecret],
  ['RotateSecret', rotateSecret],
  ['UpdateSecret', updateSecret],
  ['UpdateSecretVersionStage', updateSecretVersionStage],
])
