/** Small typed stand-ins for what the checks of callers ask: secrets, the directory, an identity provider. No server. */

import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { type CallerSource, callerSource } from '../../../lib/callers/source.ts'
import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import type { Directory } from '../../../lib/directory/directory.ts'
import type { UserStatus } from '../../../lib/directory/items.ts'
import type { Note } from '../../../lib/http/principal.ts'
import type { Outbound } from '../../../lib/outbound/outbound.ts'
import type { SecretDefinition, SecretReader } from '../../../lib/secrets/reader.ts'

export const NOW = new Date('2026-11-22T10:00:00Z')
/** Epoch seconds, as claims have them. */
export const nowSeconds = NOW.getTime() / 1000
export const DEADLINE: Deadline = { remainingMs: () => 1_000 }

/** Secrets by the rest of their names, each value one object as the reader gives it. One that is not given cannot be read. */
export const secretsOf = (values: Readonly<Record<string, object>>): SecretReader => {
  const known = new Map<string, unknown>()
  return {
    read: async <T>({ name, schema }: SecretDefinition<T>) => {
      const value = (known.get(name) as T | undefined) ?? schema.parse(values[name])
      known.set(name, value)
      return { value, versionId: 'v1' }
    },
  }
}

/** Callers of the secret alone: a look into the table would fail. */
export const sourceOf = (secrets: SecretReader): CallerSource =>
  callerSource({
    secrets,
    items: { read: () => Promise.reject(new Error('the table was asked')) },
    log: () => undefined,
  })

const A_YEAR = 365 * 86_400

/** A `callers` secret with one caller, of this key. */
export const callersOf = (key: string): object => ({
  callers: [
    {
      callerId: 'shop',
      keys: [{ sha256: createHash('sha256').update(key).digest('hex'), expiresAt: nowSeconds + A_YEAR }],
      tenants: ['202007159031'],
      scopes: ['chat:relay'],
    },
  ],
  issuers: [],
})

/** Knows one user, of this status, or nobody. */
export const directoryOf = (status: UserStatus | undefined): Directory => ({
  admission: async () => ({
    user: status === undefined ? undefined : { userName: 'Tom', status, epoch: 0 },
    tenantEpoch: 0,
    isTokenRevoked: false,
    isKeyRevoked: false,
  }),
  provision: async () => undefined,
  keepUser: async () => true,
})

/** An identity provider with one key, as the outbound module would reach it. */
export const providerOf = (issuer: string, kid: string, key: KeyObject): Outbound => {
  const jwk = { ...createPublicKey(key).export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
  const answers: Readonly<Record<string, object>> = {
    [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/jwks` },
    [`${issuer}/jwks`]: { keys: [jwk] },
  }
  return async ({ url }) => ({
    status: url in answers ? 200 : 404,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify(answers[url]),
    sentAt: NOW.getTime(),
  })
}

/** Collects what is noted for the log line. */
export const notes = (): { readonly note: Note; readonly noted: () => object } => {
  const fields: object[] = []
  return { note: (more) => fields.push(more), noted: () => Object.assign({}, ...fields) }
}

/** The error of a promise that must be rejected. */
export const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('expected a refusal')
    },
    (error: unknown) => error,
  )
