/** The rotations under way: calls of the rotation function, in the background as in AWS. */
import { setImmediate as turn } from 'node:timers/promises'
import { type Secret, withdrawPending } from './secret.ts'

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

/** What Secrets Manager sends to a rotation function. */
export type RotationCall = {
  Step: (typeof ROTATION_STEPS)[number]
  SecretId: string
  ClientRequestToken: string
}

/** Calls a rotation function and waits for its end; rejects when it fails. */
export type Invoke = (lambdaArn: string, call: RotationCall) => Promise<unknown>

export type Rotations = {
  /** Undefined: there is no function that could be called. */
  readonly invoke: Invoke | undefined
  /** Calls all four steps; the first that fails is the last, and leaves AWSPENDING where it is. */
  begin(secret: Secret, versionId: string, lambdaArn: string): void
  /** Calls testSecret alone, for a version that is taken away again. */
  test(secret: Secret, versionId: string, lambdaArn: string): void
  /** Resolves when none is under way. */
  idle(): Promise<void>
}

/** AWS repeats a failed step by a schedule of its own. Here nothing is repeated. */
export function createRotations(invoke: Invoke | undefined, now: () => number): Rotations {
  const running = new Set<Promise<void>>()

  async function rotate(secret: Secret, versionId: string, lambdaArn: string): Promise<void> {
    for (const Step of ROTATION_STEPS) {
      if (!secret.rotation?.isEnabled) return
      await invoke?.(lambdaArn, { Step, SecretId: secret.arn, ClientRequestToken: versionId })
    }
    if (secret.rotation) secret.rotation.rotatedAt = now()
  }

  async function test(secret: Secret, versionId: string, lambdaArn: string): Promise<void> {
    try {
      await invoke?.(lambdaArn, { Step: 'testSecret', SecretId: secret.arn, ClientRequestToken: versionId })
    } finally {
      withdrawPending(secret, versionId)
    }
  }

  function inBackground(work: () => Promise<void>): void {
    // The answer goes out first. A failure is the function's to report, in its own log.
    const done = turn()
      .then(work)
      .catch(() => undefined)
      .finally(() => running.delete(done))
    running.add(done)
  }

  return {
    invoke,
    begin: (secret, versionId, lambdaArn) => inBackground(() => rotate(secret, versionId, lambdaArn)),
    test: (secret, versionId, lambdaArn) => inBackground(() => test(secret, versionId, lambdaArn)),
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
