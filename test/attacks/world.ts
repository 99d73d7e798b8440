/** The world of the attacks: all routes, two tenants with accounts, callers of every kind, and a clock that stands still. */

import { vi } from 'vitest'
import { revokedTokenKey, userItem } from '../../lib/directory/items.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { systemNames } from '../../lib/vendors/registry.ts'
import { goodToken, type RefusalWorld } from '../support/refusals.ts'
import { startVendorWorld, type VendorWorld, watchSecrets } from '../support/vendor-world.ts'
import { TABLE, TENANT, USER } from '../support/world.ts'
import { type CallerKeys, keysOf, putCallers } from './caller-keys.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { OTHER_TENANT, type Providers, startProviders } from './providers.ts'
import { type RingKey, startRing } from './ring.ts'
import type { RouteName } from './routes.ts'
import { warmUp } from './warm-up.ts'

export { PROTOTYPE_NAMES } from './caller-keys.ts'
export { OTHER_TENANT }
/** Its name is spelt with a letter that has two forms. */
export const ZOE = { userId: 'zoe', userName: 'Zo\u00eb' } as const
/** Known, and disabled. */
export const SHUT_OUT = { userId: 'shut-out', userName: 'Eve' } as const
export const REVOKED_JTI = 'revoked-revoked-revoked'

export interface AttackWorld {
  readonly vendors: VendorWorld
  /** What spoilt tokens are made of. */
  readonly tokens: RefusalWorld
  /** Published: not yet signing, signing no more, and dropped before its time. */
  readonly next: RingKey
  readonly retired: RingKey
  readonly leaked: RingKey
  readonly providers: Providers
  readonly handlers: Readonly<Record<RouteName, HttpHandler>>
  /** Caller keys by what is special about their callers. */
  readonly keys: CallerKeys
  /** Good credentials of every other kind. */
  readonly credentials: Credentials
  /** Lets a second pass now and then: Live has so many calls in each. */
  readonly tick: (route: RouteName) => void
  readonly elapsedSeconds: () => number
  readonly close: () => Promise<void>
}

export const startAttackWorld = async (): Promise<AttackWorld> => {
  // Only the dates: what is counted and refused must not depend on how long a slow machine takes.
  // From the beginning of a minute, so that no window of a limit ends while they run.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - (Date.now() % 60_000) })
  const clock = startClock()
  process.env['ISSUES_PER_USER_AND_MINUTE'] = '6000'
  const vendors = await startVendorWorld({ cec: { pollMs: 1 }, live: { callsPerSecond: 100_000 } })
  const providers = await startProviders()
  const keys = keysOf()
  await putCallers(vendors, keys, providers)
  watchSecrets(vendors.vendors.addTenant(OTHER_TENANT))
  for (const tenant of [TENANT, OTHER_TENANT]) {
    for (const system of systemNames()) vendors.putSettings(system, {}, tenant)
    // The other tenant's one user spends its one call at once.
    const callsPerUserAndMinute = tenant === TENANT ? 6000 : 1
    vendors.putSettings('live', { callsPerUserAndMinute, callsPerSecond: 100 }, tenant)
  }
  await vendors.putUser(ZOE)
  await vendors.putUser({ ...SHUT_OUT, status: 'disabled' })
  const keyRing = await startRing(vendors)
  await vendors.dynamoDb.put(TABLE, [
    userItem({ tenantSpaceId: OTHER_TENANT, ...USER, status: 'active', epoch: 0 }),
    { pk: revokedTokenKey(TENANT, REVOKED_JTI), expiresAt: 4_000_000_000 },
  ])
  const handlers = await handlersOf(vendors)
  const world: AttackWorld = {
    vendors,
    providers,
    ...keyRing,
    handlers,
    keys,
    credentials: await credentialsOf(vendors, handlers, providers, goodToken(keyRing.tokens)),
    ...clock,
    close: async () => {
      await Promise.all([vendors.close(), providers.close()])
      vi.useRealTimers()
    },
  }
  await warmUp(world)
  return world
}

/** Two calls of each attack are the most, and an account may have 100 in a second. */
const ATTACKS_PER_SECOND = 40

const startClock = (): Pick<AttackWorld, 'tick' | 'elapsedSeconds'> => {
  const startedAt = Date.now()
  let attacks = 0
  return {
    tick: (route) => {
      if (route !== 'liveMessageToken' && route !== 'auiOldToken') return
      attacks += 1
      if (attacks % ATTACKS_PER_SECOND === 0) vi.setSystemTime(Date.now() + 1000)
    },
    elapsedSeconds: () => (Date.now() - startedAt) / 1000,
  }
}

const handlersOf = async (vendors: VendorWorld): Promise<AttackWorld['handlers']> => {
  const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
  const { issueEnterpriseToken } = await import('../../functions/issue-enterprise-token.ts')
  const { issueAccessToken } = await import('../../functions/issue-access-token.ts')
  const { revokeEnterpriseTokens } = await import('../../functions/revoke-enterprise-tokens.ts')
  const { putUser } = await import('../../functions/put-user.ts')
  const { batchUsers } = await import('../../functions/batch-users.ts')
  const { queryUsers } = await import('../../functions/query-users.ts')
  const { listUsers } = await import('../../functions/list-users.ts')
  const { validateAgentToken } = await import('../../functions/validate-agent-token.ts')
  const { issueAgentToken } = await import('../../functions/issue-agent-token.ts')
  const { jwks } = await import('../../functions/jwks.ts')
  const runtime = vendors.runtime()
  const env = { ...process.env, CEC_SOURCE_CIDRS: '203.0.113.0/24, 2001:db8::/32' }
  const chatRelay = await vendors.fresh('chatRelay')
  const chatCalls = await vendors.fresh('chatCalls')
  const auiLiveToken = await vendors.fresh('auiLiveToken')
  const auiRtcToken = await vendors.fresh('auiRtcToken')
  return {
    validate: validateEnterpriseToken(runtime),
    listedValidate: validateEnterpriseToken(vendors.runtime({ env })),
    validateAgent: validateAgentToken(runtime),
    agentToken: issueAgentToken(runtime),
    jwks: jwks(runtime),
    issue: issueEnterpriseToken(runtime),
    accessToken: issueAccessToken(runtime),
    revoke: revokeEnterpriseTokens(runtime),
    putUser: putUser(runtime),
    batchUsers: batchUsers(runtime),
    queryUsers: queryUsers(runtime),
    listUsers: listUsers(runtime),
    applyToken: await vendors.fresh('applyToken'),
    send: chatRelay,
    poll: chatRelay,
    sendAsync: chatCalls,
    queryHistoryChatMessage: chatCalls,
    doLeaveMessage: chatCalls,
    getsatisfactionsurveymode: chatCalls,
    saveSatisfaction: chatCalls,
    uploadFileStream: await vendors.fresh('uploadFileStream'),
    downloadFileStream: await vendors.fresh('downloadFileStream'),
    appCubeToken: await vendors.fresh('appCubeToken'),
    oiapThirdPartyToken: await vendors.fresh('oiapThirdPartyToken'),
    liveMessageToken: await vendors.fresh('liveMessageToken'),
    liveImToken: await vendors.fresh('liveImToken'),
    liveRtcToken: await vendors.fresh('liveRtcToken'),
    auiOldToken: auiLiveToken,
    auiNewToken: auiLiveToken,
    auiRoomToken: auiRtcToken,
    auiAgentToken: auiRtcToken,
  }
}
