/** Who may call a route, as functions wire it: which kinds of credential it takes beside caller keys. */

import type { Runtime } from '../runtime.ts'
import type { Issuer } from '../schemas/issuers.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { outbound } from '../upstream/outbound.ts'
import type { CallerDeps } from './callers.ts'
import { type OidcCallerDeps, oidcCallers } from './oidc-callers.ts'

/** The settings that a function must have read. */
export const CALLER_SETTINGS = ['STAGE', 'USER_ID_PATTERN', 'ALLOW_LOOPBACK_HTTP'] as const

export interface CallerSettings {
  readonly STAGE: string
  readonly USER_ID_PATTERN: string
  readonly ALLOW_LOOPBACK_HTTP: boolean
}

type CallerSet = (runtime: Runtime, secrets: SecretReader, settings: CallerSettings) => CallerDeps

/** Back ends: caller keys, and an identity provider's tokens for back ends. */
export const backEnds: CallerSet = (runtime, secrets, settings) =>
  withOidc(runtime, secrets, settings, { kinds: ['back-end'] })

/** Back ends, and users with a token of their identity provider's. The route itself must ask the directory. */
export const backEndsAndUsers: CallerSet = (runtime, secrets, settings) =>
  withOidc(runtime, secrets, settings, { kinds: ['back-end', 'user'] })

/** Caller keys, and an identity provider's tokens of these kinds. */
export const withOidc = (
  { now, random }: Runtime,
  secrets: SecretReader,
  { STAGE, USER_ID_PATTERN, ALLOW_LOOPBACK_HTTP }: CallerSettings,
  options: { readonly kinds: readonly Issuer['kind'][] } & Pick<OidcCallerDeps, 'directory'>,
): CallerDeps & { readonly tokens: CallerDeps['tokens'] & object } => ({
  secrets,
  stage: STAGE,
  now,
  tokens: [
    oidcCallers({
      secrets,
      now,
      outbound: outbound({ now, random, allowLoopbackHttp: ALLOW_LOOPBACK_HTTP }),
      userIdPattern: USER_ID_PATTERN,
      ...options,
    }),
  ],
})
