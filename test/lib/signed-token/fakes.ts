/** A key ring, a reader of secrets and a directory that a test sets: what signs and verifies needs nothing more. */

import type { Admission, Directory, Kept, Subject } from '../../../lib/directory/directory.ts'
import type { SecretDefinition, SecretReader } from '../../../lib/secrets/reader.ts'
import { firstKeyRing, type KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { secret } from '../../support/canary.ts'

export const NOW = new Date('2026-01-01T00:00:00Z')
export const NOW_SECONDS = NOW.getTime() / 1000
export const AMPLE = { remainingMs: () => 5_000 }

export const newRing = async (now = NOW): Promise<KeyRing> => {
  const ring = await firstKeyRing(now)
  for (const { d, kid } of ring.signingKey.keys) secret(`private key ${kid}`, d)
  return ring
}

/** The key that signs now. */
export const activeKeyOf = ({ signingKey }: KeyRing) => {
  const [active] = signingKey.keys
  if (active === undefined) throw new TypeError('the ring has no key')
  return active
}

export interface FakeSecrets extends SecretReader {
  /** What each read was: its secret's name, and whether it was forced. */
  readonly reads: (readonly [name: string, force: boolean])[]
  /** What an unforced and a forced read find. */
  values: Readonly<Record<string, object>>
  newer: Readonly<Record<string, object>>
}

export const fakeSecrets = ({ signingKey, jwks }: KeyRing): FakeSecrets => {
  const values = { 'signing-key': signingKey, jwks }
  const fake: FakeSecrets = {
    reads: [],
    values,
    newer: {},
    read: async <T>({ name, schema }: SecretDefinition<T>, { force = false }: { force?: boolean }) => {
      fake.reads.push([name, force])
      const value = (force ? fake.newer[name] : undefined) ?? fake.values[name]
      return { value: schema.parse(value), versionId: 'v1' }
    },
  }
  return fake
}

export const ADMITTED: Admission = {
  user: { userName: 'Tom', status: 'active', epoch: 0 },
  tenantEpoch: 0,
  isTokenRevoked: false,
  isKeyRevoked: false,
}

export interface FakeDirectory extends Directory {
  readonly asked: (Subject & { readonly jti?: string; readonly kid?: string })[]
  readonly provisioned: (Subject & { readonly userName: string } & Kept)[]
  readonly kept: (Subject & Kept)[]
}

/** Answers with the admissions in their order, and with the last one from then on. */
export const fakeDirectory = (...admissions: readonly Admission[]): FakeDirectory => {
  const asked: FakeDirectory['asked'] = []
  const provisioned: FakeDirectory['provisioned'] = []
  const kept: FakeDirectory['kept'] = []
  return {
    asked,
    provisioned,
    kept,
    admission: async (question) => {
      asked.push(question)
      return admissions[asked.length - 1] ?? admissions.at(-1) ?? ADMITTED
    },
    provision: async (user) => {
      provisioned.push(user)
    },
    // Swept meanwhile, where the next answer says so.
    keepUser: async (user) => {
      kept.push(user)
      return (admissions[asked.length] ?? admissions.at(-1))?.user !== undefined
    },
  }
}

/** No user is ever over its limit. */
export const unlimited = async (): Promise<void> => undefined
