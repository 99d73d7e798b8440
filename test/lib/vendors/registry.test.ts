import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { VendorProfile } from '../../../lib/vendors/profile.ts'
import { COMPUTED_VENDORS, REFRESHED_VENDORS, VENDORS } from '../../../lib/vendors/registry.ts'
import { membersOf, secretSamples, withMember } from '../../support/secret-samples.ts'

const ALL: readonly VendorProfile<unknown>[] = [...VENDORS, ...COMPUTED_VENDORS]
const samples = secretSamples()

describe('lib/vendors/registry', () => {
  it('has every profile that a folder of lib/vendors exports', async () => {
    const files = globSync('lib/vendors/*/**/profile.ts')
    const exported = await Promise.all(
      files.map(async (file) => Object.values(await import(`../../../${file}`))),
    )
    expect(new Set(ALL)).toEqual(new Set(exported.flat()))
  })

  it('calls nobody for what is computed, and keeps nothing of it', () => {
    for (const vendor of COMPUTED_VENDORS)
      expect(Object.keys(vendor).sort()).toEqual(['displayName', 'schema', 'system'])
  })

  it('has no name twice', () => {
    for (const name of ['system', 'displayName'] as const)
      expect(new Set(ALL.map((vendor) => vendor[name])).size).toBe(ALL.length)
  })

  it('refreshes ahead exactly what has a service token', () => {
    const withServiceToken = ALL.filter(({ serviceToken }) => serviceToken !== undefined)
    expect(REFRESHED_VENDORS).toEqual(withServiceToken)
  })
})

/** What changes the fingerprint. Written by hand: a setting too many lets a wrong secret be tried again. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  cec: ['tokenUrl', 'appKey', 'appSecret'],
  oiap: ['url', 'appKey', 'appSecret'],
  'oiap-third-party': ['url', 'appKey', 'appSecret'],
  live: ['endpoint', 'accessKeyId', 'accessKeySecret', 'securityToken'],
}
const BREAKERS: Readonly<Record<string, object>> = {
  cec: { refusedMs: 15 * 60_000, maxBackOffMs: 60_000, locksAccount: false },
  oiap: { refusedMs: Number.POSITIVE_INFINITY, maxBackOffMs: 15 * 60_000, locksAccount: true },
  'oiap-third-party': { refusedMs: Number.POSITIVE_INFINITY, maxBackOffMs: 15 * 60_000, locksAccount: true },
  live: { refusedMs: 15 * 60_000, locksAccount: false },
}

describe.each(VENDORS.map((vendor) => [vendor.system, vendor] as const))(
  'the profile of %s',
  (system, vendor) => {
    const value = vendor.schema.parse(samples[system]?.value)
    const judge = vendor.credentials.judged as (settings: object) => readonly (string | undefined)[]

    it('takes the sample of its secret', () => {
      expect(Object.keys(value).length).toBeGreaterThan(0)
    })

    it('judges endpoint, key and secret, and nothing else', () => {
      const changing = membersOf(value)
        .filter(({ path }) => {
          const changed = withMember(value, path, (member) => `changed ${member}`)
          return JSON.stringify(judge(changed)) !== JSON.stringify(judge(value))
        })
        .map(({ path }) => path.join('.'))
      expect(changing.sort()).toEqual([...(JUDGED[system] ?? [])].sort())
    })

    it('has the breaker policy that its documents ask for', () => {
      expect(vendor.credentials.breaker).toEqual(BREAKERS[system])
    })
  },
)
