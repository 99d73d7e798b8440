/** Secrets Manager as the simulation has it: settings for every tenant with every vendor that has a service token, and the tokens' sealing key. */

import type { SecretList, SecretSource } from '../../../lib/secrets/source.ts'
import { REFRESHED_VENDORS, type RefreshedSystem } from '../../../lib/vendors/registry.ts'
import type { Clock } from './clock.ts'
import { CEC_URL, OIAP_THIRD_PARTY_URL, OIAP_URL } from './vendor.ts'

export const PREFIX = 'cec-token-bridge/simulated'
export const SYSTEMS = REFRESHED_VENDORS.map(({ system }) => system)

const READ_MS = 10
/** ListSecrets gives at most 100 a page. */
const PAGE = 100
const PAGE_MS = 60

export const tenantId = (index: number): string => `tenant-${index}`

/** Both stand-ins answer after the time that the service takes, and never fail. */
export const tenantSecrets = (clock: Clock, tenants: number) => {
  const key = JSON.stringify({ key: 'onlySimulatedTokensAreSealedWithThis'.repeat(2) })
  const source: SecretSource = {
    read: async (name) => {
      await clock.pause(READ_MS)
      const [, tenant = '', system = ''] = /\/tenants\/([^/]+)\/([^/]+)$/.exec(name) ?? []
      return {
        versionId: 'v1',
        value: system === '' ? key : JSON.stringify(SETTINGS[system as RefreshedSystem](tenant)),
      }
    },
  }
  const changedAt = clock.now().getTime() - 24 * 3_600_000
  let listed = 0
  const list: SecretList = async function* (namePrefix) {
    const total = tenants * SYSTEMS.length
    for (let from = 0; from < total; from += PAGE) {
      await clock.pause(PAGE_MS)
      const page = Array.from({ length: Math.min(PAGE, total - from) }, (_, i) => {
        const index = from + i
        const system = SYSTEMS[index % SYSTEMS.length]
        const tenant = tenantId(Math.floor(index / SYSTEMS.length))
        return { name: `${namePrefix}${tenant}/${system}`, changedAt }
      })
      listed += page.length
      yield page
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
