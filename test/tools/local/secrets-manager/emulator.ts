/** Gives each test its own emulator and a real AWS client that talks to it. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, expect } from 'vitest'
import {
  type SecretsManagerEmulator,
  startSecretsManager,
} from '../../../../tools/local/secrets-manager/server.ts'

/** 32 characters, the shortest token that AWS takes; `n` tells versions apart. */
export function token(n: number): string {
  return `version-${String(n).padStart(24, '0')}`
}

export type Fixture = {
  emulator: SecretsManagerEmulator
  client: SecretsManagerClient
  /** Moves the emulator's clock, which stands still otherwise. */
  advance(milliseconds: number): void
}

/** Registers the hooks of the calling file; the fixture is filled anew before each of its tests. */
export function useEmulator(): Fixture {
  const fixture = {} as Fixture

  beforeEach(async () => {
    let now = Date.UTC(2026, 0, 15, 12)
    fixture.advance = (milliseconds) => {
      now += milliseconds
    }
    fixture.emulator = await startSecretsManager({ now: () => new Date(now), region: 'eu-central-1' })
    fixture.client = new SecretsManagerClient({
      region: 'eu-central-1',
      endpoint: fixture.emulator.url,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    })
  })

  afterEach(async () => {
    fixture.client.destroy()
    await fixture.emulator.close()
  })
  return fixture
}

/** Expects an AWS error with exactly this name and message. */
export async function expectRefusal(
  answer: Promise<unknown>,
  name: string,
  message: string,
  status = 400,
): Promise<void> {
  await expect(answer).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: status } })
}
