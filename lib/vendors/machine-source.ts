/** Where a machine token comes from, and how a request or the schedule gets hold of one. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Overlap } from '../token-cache/freshness.ts'
import type { Wanted } from '../token-cache/look.ts'
import type { Fetch, MachineSystem, MachineToken, TokenSubject } from '../token-cache/machine-token.ts'
import type { TokenCache } from '../token-cache/token-cache.ts'
import type { Attempt, vendorCredentials } from './credentials.ts'

/** What the settings of every system with machine tokens have. */
export interface MachineSettings {
  readonly overlap: Overlap
  readonly warm: 'always' | 'active' | 'never'
}

export interface MachineSource<Settings extends MachineSettings> {
  readonly system: MachineSystem
  readonly credentials: ReturnType<typeof vendorCredentials<Settings>>
  /** Settings beside endpoint, key and secret that change the token. */
  readonly variant: (settings: Settings) => readonly string[]
  /** Asks the vendor. Throws the UPSTREAM_… codes. */
  readonly fetch: (tenantSpaceId: string, settings: Settings, deadline: Deadline) => Promise<MachineToken>
}

export const subjectOf = <Settings extends MachineSettings>(
  { system, variant }: MachineSource<Settings>,
  tenantSpaceId: string,
  { settings, fingerprint }: Attempt<Settings>,
): TokenSubject => ({
  system,
  tenantSpaceId,
  fingerprint,
  variant: variant(settings),
  overlap: settings.overlap,
})

/** A fetch that shows the credentials only while nothing stands in the way. */
export const fetchOf =
  <Settings extends MachineSettings>(
    { fetch }: MachineSource<Settings>,
    tenantSpaceId: string,
    { settings, guard }: Attempt<Settings>,
  ): Fetch =>
  (deadline, mode) =>
    guard(() => fetch(tenantSpaceId, settings, deadline), mode)

/** The tokens of one system, for its routes. */
export const sourceTokens = <Settings extends MachineSettings>(
  source: MachineSource<Settings>,
  tokens: TokenCache,
) => {
  const requestOf = (tenantSpaceId: string, attempt: Attempt<Settings>, deadline: Deadline) => ({
    subject: subjectOf(source, tenantSpaceId, attempt),
    fetch: fetchOf(source, tenantSpaceId, attempt),
    deadline,
  })
  return {
    get: (tenantSpaceId: string, attempt: Attempt<Settings>, deadline: Deadline): Promise<MachineToken> =>
      tokens.get(requestOf(tenantSpaceId, attempt, deadline)),
    replace: (
      tenantSpaceId: string,
      attempt: Attempt<Settings>,
      refused: MachineToken,
      deadline: Deadline,
      wanted: Omit<Wanted, 'isGood'>,
    ): Promise<MachineToken | undefined> =>
      tokens.replace(requestOf(tenantSpaceId, attempt, deadline), refused, wanted),
  }
}

/** Least time between two renewals of a token that may have been refused for another reason than its age. */
const FORCED_MS = 60_000

/** A renewal by force: at most one per token and minute in all sandboxes, and none while the table is unreadable. */
export const byForce = (now: () => Date): Omit<Wanted, 'isGood'> => ({
  isForced: true,
  // A clock that was set back must not stretch the minute.
  mayFetch: (forcedAt) => forcedAt !== undefined && Math.abs(now().getTime() - forcedAt) >= FORCED_MS,
})
