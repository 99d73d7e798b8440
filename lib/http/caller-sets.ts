/** Who may call a route, as functions wire it: which kinds of credential it takes beside caller keys. */

import { outbound } from '../outbound/outbound.ts'
import type { UserIdSettings } from '../schemas/ids.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { Runtime } from '../start/runtime.ts'
import { authenticator, type TokenKind } from './callers.ts'
import { type OidcCallerDeps, oidcCallers } from './oidc-callers.ts'
import type { Authenticate } from './principal.ts'

/** The settings that a function must have read. */
export const CALLER_SETTINGS = [
  'STAGE',
  'USER_ID_CHARACTERS',
  'USER_ID_MAX_LENGTH',
  'ALLOW_LOOPBACK_HTTP',
] as const

export interface CallerSettings extends UserIdSettings {
  readonly STAGE: string
  readonly ALLOW_LOOPBACK_HTTP: boolean
}

type CallerSet = (runtime: Runtime, secrets: SecretReader, settings: CallerSettings) => Authenticate

/** Back ends: caller keys, and an identity provider's tokens for back ends. */
export const backEnds: CallerSet = (runtime, secrets, settings) =>
  keysAnd([oidc(runtime, secrets, settings, { kinds: ['back-end'] })], runtime, secrets, settings)

/** Back ends, and users with a token of their identity provider's. The route itself must ask the directory. */
export const backEndsAndUsers: CallerSet = (runtime, secrets, settings) =>
  keysAnd([oidc(runtime, secrets, settings, { kinds: ['back-end', 'user'] })], runtime, secrets, settings)

/** Caller keys, and tokens of these kinds. */
export const keysAnd = (
  tokens: readonly TokenKind[],
  { now }: Pick<Runtime, 'now'>,
  secrets: SecretReader,
  { STAGE: stage }: Pick<CallerSettings, 'STAGE'>,
): Authenticate => authenticator({ secrets, stage, now, tokens })

/** An identity provider's tokens of these kinds. */
export const oidc = (
  { now, random }: Runtime,
  secrets: SecretReader,
  settings: CallerSettings,
  options: Pick<OidcCallerDeps, 'kinds' | 'directory'>,
): TokenKind =>
  oidcCallers({
    secrets,
    now,
    outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
    userIds: settings,
    ...options,
  })
