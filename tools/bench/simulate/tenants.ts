/** Secrets Manager as the simulation has it: settings for every tenant with every vendor that has a service token, and the tokens' sealing key. */

import { type SecretList, type SecretSource, SecretSourceError } from '../../../lib/secrets/source.ts'
import { REFRESHED_VENDORS, type RefreshedSystem } from '../../../lib/vendors/registry.ts'
import { bucket } from './aws/bucket.ts'
import { SECRETS_MANAGER } from './aws/limits.ts'
import type { Clock } from './clock.ts'
import { CEC_URL, OIAP_THIRD_PARTY_URL, OIAP_URL } from './vendor.ts'

export const PREFIX = 'cec-token-bridge/simulated'
export const SYSTEMS = REFRESHED_VENDORS.map(({ system }) => system)

const READ_MS = 10
const PAGE = SECRETS_MANAGER.namesPerPage
const PAGE_MS = 60

export const tenantId = (index: number): string => `tenant-${index}`

export interface SecretsOf {
  /** With which every tenant has settings. Default all. */
  readonly systems?: readonly RefreshedSystem[]
  /** In every secret, beside what a tenant needs. Default nothing: what is left out is at its default. */
  readonly settings?: object
  /** Milliseconds until a page of the list is there. Default 60. */
  readonly pageMs?: () => number
}

/** Both stand-ins answer after the time that the service takes, and fail only beyond its rates. */
export const tenantSecrets = (
  clock: Clock,
  tenants: number,
  { systems = SYSTEMS, settings = {}, pageMs = () => PAGE_MS }: SecretsOf = {},
) => {
  const key = JSON.stringify({ key: 'onlySimulatedTokensAreSealedWithThis'.repeat(2) })
  const reads = bucket(clock, { perSecond: SECRETS_MANAGER.reads })
  const lists = bucket(clock, { perSecond: SECRETS_MANAGER.lists })
  const within = (isGranted: boolean): void => {
    if (!isGranted) throw new SecretSourceError('transient', 'ThrottlingException')
  }
  const source: SecretSource = {
    read: async (name) => {
      within(reads.take())
      await clock.pause(READ_MS)
      const [, tenant = '', system = ''] = /\/tenants\/([^/]+)\/([^/]+)$/.exec(name) ?? []
      return {
        versionId: 'v1',
        value:
          system === ''
            ? key
            : JSON.stringify({ ...SETTINGS[system as RefreshedSystem](tenant), ...settings }),
      }
    },
  }
  const changedAt = clock.now().getTime() - 24 * 3_600_000
  let listed = 0
  const list: SecretList = async function* (namePrefix, after = '0') {
    const total = tenants * systems.length
    for (let from = Number(after); from < total; from += PAGE) {
      within(lists.take())
      await clock.pause(pageMs())
      const page = Array.from({ length: Math.min(PAGE, total - from) }, (_, i) => {
        const index = from + i
        const system = systems[index % systems.length]
        const tenant = tenantId(Math.floor(index / systems.length))
        return { name: `${namePrefix}${tenant}/${system}`, changedAt }
      })
      listed += page.length
      yield { secrets: page, next: from + PAGE < total ? String(from + PAGE) : undefined }
    }
  }
  return { source, list, listed: () => listed }
}

const ofOiap = (url: string, tenant: string) => ({
  url,
  appKey: `key-of-${tenant}`,
  appSecret: `simulated-secret-of-${tenant}`,
})

// The rest is left at its defaults: that is what nearly every tenant has.
const SETTINGS: Readonly<Record<RefreshedSystem, (tenant: string) => object>> = {
  cec: (tenant) => ({
    tokenUrl: CEC_URL,
    applyTokenUrl: 'https://cec.example/apply',
    chatUrl: 'https://cec.example/chat',
    appKey: `key-of-${tenant}`,
    appSecret: `simulated-secret-of-${tenant}`,
    tokenExpireSeconds: 3600,
  }),
  oiap: (tenant) => ofOiap(OIAP_URL, tenant),
  'oiap-third-party': (tenant) => ofOiap(OIAP_THIRD_PARTY_URL, tenant),
}
