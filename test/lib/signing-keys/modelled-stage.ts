/** One stage in memory: real rotation, issuing and validation over the emulator's rules of versions, and a clock that a test sets. */

import type { Admission } from '../../../lib/directory/directory.ts'
import { enterpriseTokenIssuer } from '../../../lib/enterprise-token/issue.ts'
import { enterpriseTokenVerifier } from '../../../lib/enterprise-token/verify.ts'
import type { JwksSecret, PrivateJwk, SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { ROTATION_STEPS } from '../../../lib/schemas/rotation.ts'
import { secretReader } from '../../../lib/secrets/reader.ts'
import { type SecretSource, SecretSourceError } from '../../../lib/secrets/source.ts'
import { signingKeyRotation } from '../../../lib/signing-keys/rotation.ts'
import { addVersion, holderOf, PENDING } from '../../../tools/local/secrets-manager/secret.ts'
import { ADMITTED, AMPLE } from '../signed-token/fakes.ts'
import { type FakeVault, fakeVault } from './fake-vault.ts'

export const SIGNING_KEY_NAME = 'stage/signing-key'
export const JWKS_NAME = 'stage/jwks'
export const LEAD_SECONDS = 1510
export const TOKEN_SECONDS = 3600
const ISSUER = 'https://tokens.test.invalid'
const USER = { tenantSpaceId: '1', userId: 'tom', userName: 'Tom' }

/** What may go wrong at the call of this number, before it is made. */
export type BeforeCall = (call: number, kind: CallKind) => void
export type CallKind = 'read' | 'write'

export interface Sandbox {
  readonly name: string
  /** A token, or the code of the refusal. */
  readonly issue: () => Promise<{ readonly token: string; readonly kid: string } | { readonly code: string }>
  /** `valid`, or the code of the refusal. */
  readonly validate: (token: string) => Promise<string>
}

export interface ModelledStage {
  /** The clock, in epoch seconds. */
  at: number
  readonly vault: FakeVault
  /** The ends that the directory knows. */
  readonly ends: Map<string, number>
  /** Every private key that ever was in the ring, by key id. */
  readonly everyKey: Map<string, PrivateJwk>
  readonly signingKey: () => SigningKeySecret
  readonly jwks: () => JwksSecret
  /** Begins a rotation as Secrets Manager does, after giving up one that is unfinished. */
  readonly begin: () => void
  /** Calls the four steps for the version that was begun last, as Secrets Manager does: the first failure is the last step. */
  readonly rotate: (beforeCall?: BeforeCall) => Promise<void>
  /** A sandbox with empty caches. `isCutOff`: whether its reads of secrets fail now. */
  readonly sandbox: (name: string, isCutOff?: () => boolean) => Sandbox
}

/** A stage that was just deployed: no keys yet. */
export const modelledStage = (): ModelledStage => {
  const vault = fakeVault({ [SIGNING_KEY_NAME]: { keys: [] }, [JWKS_NAME]: { keys: [] } })
  const ends = new Map<string, number>()
  const everyKey = new Map<string, PrivateJwk>()
  const now = () => new Date(stage.at * 1000)
  let versions = 0
  let versionId = ''

  const directory = {
    keyEnds: async (kids: readonly string[]) => new Map([...ends].filter(([kid]) => kids.includes(kid))),
    retireKey: async (kid: string, endsAt: number) => {
      if (!ends.has(kid)) ends.set(kid, endsAt)
    },
    admission: async ({ kid = '' }: { kid?: string }): Promise<Admission> => {
      const end = ends.get(kid)
      return {
        ...ADMITTED,
        isKeyRevoked: end === 0,
        ...(end === undefined || end === 0 ? {} : { keyEndsAt: end }),
      }
    },
    provision: async () => undefined,
    keepUser: async () => true,
  }

  const stage: ModelledStage = {
    at: 1_800_000_000,
    vault,
    ends,
    everyKey,
    signingKey: () => vault.valueOf(SIGNING_KEY_NAME, 'AWSCURRENT') as SigningKeySecret,
    jwks: () => vault.valueOf(JWKS_NAME, 'AWSCURRENT') as JwksSecret,
    begin: () => {
      const secret = vault.secret(SIGNING_KEY_NAME)
      holderOf(secret, PENDING)?.stages.delete(PENDING)
      versions += 1
      versionId = `rotation-${String(versions).padStart(32, '0')}`
      addVersion(secret, { id: versionId, value: undefined, stages: [PENDING], now: 0 })
    },
    rotate: async (beforeCall = () => undefined) => {
      let calls = 0
      const counted = <T extends object>(calling: T): T =>
        Object.fromEntries(
          Object.entries(calling).map(([name, call]) => [
            name,
            async (...input: unknown[]) => {
              calls += 1
              beforeCall(calls, ['read', 'stages', 'keyEnds'].includes(name) ? 'read' : 'write')
              return call(...input)
            },
          ]),
        ) as T
      const { read, stages, put, makeCurrent } = vault
      const step = signingKeyRotation({
        vault: counted({ read, stages, put, makeCurrent }),
        directory: counted({ keyEnds: directory.keyEnds, retireKey: directory.retireKey }),
        prefix: 'stage',
        now,
      })
      try {
        for (const Step of ROTATION_STEPS)
          await step({ Step, SecretId: SIGNING_KEY_NAME, ClientRequestToken: versionId }, AMPLE)
      } finally {
        for (const { value } of vault.secret(SIGNING_KEY_NAME).versions.values()) {
          const { keys } = JSON.parse(
            value !== undefined && 'SecretString' in value ? value.SecretString : '{"keys":[]}',
          )
          for (const key of keys as PrivateJwk[]) everyKey.set(key.kid, key)
        }
      }
    },
    sandbox: (name, isCutOff = () => false) => {
      const source: SecretSource = {
        read: async (secret, of) => {
          if (isCutOff()) throw new SecretSourceError('transient', 'InternalServiceError')
          return vault.read(secret, of)
        },
      }
      const secrets = secretReader({ source, prefix: 'stage', now, random: () => 0, log: () => undefined })
      const deps = { secrets, directory, issuer: ISSUER, now }
      const issue = enterpriseTokenIssuer({
        ...deps,
        directoryMode: 'table',
        justInTimeDays: 0,
        limit: () => Promise.resolve(),
        lifetimeSeconds: TOKEN_SECONDS,
        newId: () => 'AAAAAAAAAAAAAAAAAAAAAA',
      })
      const validate = enterpriseTokenVerifier(deps)
      return {
        name,
        issue: () => issue(USER, { scopes: [] }, AMPLE).catch(codeOf),
        validate: (token) =>
          validate({ ...USER, token }, AMPLE).then(
            () => 'valid',
            (error: unknown) => codeOf(error).code,
          ),
      }
    },
  }
  return stage
}

const codeOf = (error: unknown): { readonly code: string } => {
  const { code } = error as { readonly code?: string }
  if (code === undefined) throw error
  return { code }
}
