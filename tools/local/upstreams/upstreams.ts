/** The three vendors' emulators together, and tenants that have an account with each. */

import { randomBytes } from 'node:crypto'
import type { SystemName, VendorSystem } from '../../../lib/vendors/registry.ts'
import { LOCAL_TENANT } from '../constants.ts'
import { type CecEmulator, type CecOptions, startCecEmulator } from './cec/server.ts'
import { type LiveEmulator, type LiveOptions, startLiveEmulator } from './live/server.ts'
import { type OiapEmulator, type OiapOptions, startOiapEmulator } from './oiap/server.ts'

export interface CecSecret {
  readonly tokenUrl: string
  readonly applyTokenUrl: string
  readonly chatUrl: string
  readonly appKey: string
  readonly appSecret: string
  readonly tokenExpireSeconds: number
}

export interface OiapSecret {
  readonly url: string
  readonly appKey: string
  readonly appSecret: string
}

export interface LiveSecret {
  readonly endpoint: string
  readonly appId: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

export interface LiveImSecret {
  readonly appId: string
  readonly appKey: string
  readonly appSign: string
}

export interface LiveRtcSecret {
  readonly appId: string
  readonly appKey: string
}

/** A tenant's secrets by the systems' names in the registry, each as it stands in Secrets Manager. */
export interface TenantSecrets extends Readonly<Record<SystemName, object>> {
  readonly cec: CecSecret
  readonly oiap: OiapSecret
  readonly 'oiap-third-party': OiapSecret
  readonly live: LiveSecret
  readonly 'live-im': LiveImSecret
  readonly 'live-rtc': LiveRtcSecret
}

type Emulators = Pick<Upstreams, 'cec' | 'oiap' | 'live'>

export interface UpstreamsOptions {
  /** The vendors' clock. Default: the machine's. */
  readonly now?: (() => Date) | undefined
  /** Default: free ports. */
  readonly ports?: Partial<Readonly<Record<keyof Emulators, number>>> | undefined
  /** What only one of them can be told. */
  readonly cec?: Omit<CecOptions, 'now' | 'port'> | undefined
  readonly oiap?: Omit<OiapOptions, 'now' | 'port'> | undefined
  readonly live?: Omit<LiveOptions, 'now' | 'port'> | undefined
}

export interface Upstreams {
  readonly cec: CecEmulator
  readonly oiap: OiapEmulator
  readonly live: LiveEmulator
  /** A tenant's secrets as they are now. Throws a TypeError for an unknown tenant. */
  tenantSecrets(tenantSpaceId: string): TenantSecrets
  /** Opens an account with each vendor; what is not given is made up. Changes the tenant if it exists. */
  addTenant(tenantSpaceId: string, given?: GivenSecrets): TenantSecrets
  /** Gives the tenant a new secret with one vendor; the older one is wrong from now on. Returns all of them. */
  changeSecret(tenantSpaceId: string, system: VendorSystem): TenantSecrets
  /** Gives the tenant an STS key with Live, `expiresAt` in milliseconds since the epoch; the older key is unknown from now on. */
  useStsKey(tenantSpaceId: string, expiresAt?: number): TenantSecrets
  close(): Promise<void>
}

/** Parts of a tenant's secrets. Addresses are the emulators' own. */
export type GivenSecrets = {
  readonly [S in SystemName]?: Partial<
    Omit<TenantSecrets[S], 'tokenUrl' | 'applyTokenUrl' | 'chatUrl' | 'url' | 'endpoint'>
  >
}

/** Starts all three on 127.0.0.1, with the local stage's tenant. Nothing is left listening when it fails. */
export const startUpstreams = async ({ now, ports, ...own }: UpstreamsOptions = {}): Promise<Upstreams> => {
  const started = await Promise.allSettled([
    startCecEmulator({ ...own.cec, now, port: ports?.cec }),
    startOiapEmulator({ ...own.oiap, now, port: ports?.oiap }),
    startLiveEmulator({ ...own.live, now, port: ports?.live }),
  ] as const)
  const close = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.status === 'fulfilled' && one.value.close()))
  }
  const [cec, oiap, live] = started
  if (cec.status === 'rejected' || oiap.status === 'rejected' || live.status === 'rejected') {
    await close()
    throw started.find((one) => one.status === 'rejected')?.reason
  }
  const emulators = { cec: cec.value, oiap: oiap.value, live: live.value }
  const tenants = tenantsOf(emulators)
  tenants.addTenant(LOCAL_TENANT)
  return { ...emulators, ...tenants, close }
}

type Tenants = Pick<Upstreams, 'tenantSecrets' | 'addTenant' | 'changeSecret' | 'useStsKey'>

const tenantsOf = (emulators: Emulators): Tenants => {
  const tenants = new Map<string, TenantSecrets>()
  const tenantSecrets = (tenantSpaceId: string): TenantSecrets => {
    const secrets = tenants.get(tenantSpaceId)
    if (secrets === undefined) throw new TypeError(`tenant ${tenantSpaceId}: unknown to the emulators`)
    return secrets
  }
  const store = (tenantSpaceId: string, secrets: TenantSecrets, expiresAt?: number): TenantSecrets => {
    const { cec, oiap, 'oiap-third-party': thirdParty, live } = secrets
    emulators.cec.putApp({ appKey: cec.appKey, appSecret: cec.appSecret, tenantSpaceId })
    emulators.oiap.putAccount(oiap)
    emulators.oiap.thirdParty.putAccount(thirdParty)
    emulators.live.putApp(secrets['live-im'])
    emulators.live.putApp(secrets['live-rtc'])
    emulators.live.putKey({ ...live, appIds: [live.appId], account: tenantSpaceId, expiresAt })
    tenants.set(tenantSpaceId, secrets)
    return secrets
  }
  return {
    tenantSecrets,
    addTenant: (tenantSpaceId, given = {}) => {
      const known = tenants.get(tenantSpaceId) ?? newSecrets(tenantSpaceId, emulators)
      const secrets = {
        cec: { ...known.cec, ...given.cec },
        oiap: { ...known.oiap, ...given.oiap },
        'oiap-third-party': { ...known['oiap-third-party'], ...given['oiap-third-party'] },
        live: { ...known.live, ...given.live },
        'live-im': { ...known['live-im'], ...given['live-im'] },
        'live-rtc': { ...known['live-rtc'], ...given['live-rtc'] },
      }
      return store(tenantSpaceId, secrets)
    },
    changeSecret: (tenantSpaceId, system) => {
      const member = system === 'live' ? 'accessKeySecret' : 'appSecret'
      const secrets = tenantSecrets(tenantSpaceId)
      return store(tenantSpaceId, { ...secrets, [system]: { ...secrets[system], [member]: random() } })
    },
    useStsKey: (tenantSpaceId, expiresAt) => {
      const secrets = tenantSecrets(tenantSpaceId)
      emulators.live.removeKey(secrets.live.accessKeyId)
      const sts = { accessKeyId: `STS.${random()}`, accessKeySecret: random(), securityToken: random() }
      return store(tenantSpaceId, { ...secrets, live: { ...secrets.live, ...sts } }, expiresAt)
    },
  }
}

/** Ids that a caller must name (`appKey` of OIAP, `AppId` of Live) are fixed, so that sample requests stay good. */
const newSecrets = (tenantSpaceId: string, { cec, oiap, live }: Emulators): TenantSecrets => ({
  cec: {
    tokenUrl: cec.tokenUrl,
    applyTokenUrl: cec.applyTokenUrl,
    chatUrl: cec.chatUrl,
    appKey: random(),
    appSecret: random(),
    tokenExpireSeconds: 600,
  },
  oiap: { url: oiap.tokenUrl, appKey: `oiap-${tenantSpaceId}`, appSecret: random() },
  'oiap-third-party': {
    url: oiap.thirdParty.tokenUrl,
    appKey: `oiap-${tenantSpaceId}`,
    appSecret: random(),
  },
  live: {
    endpoint: live.url,
    appId: `live-${tenantSpaceId}`,
    accessKeyId: `LTAI${random()}`,
    accessKeySecret: random(),
  },
  'live-im': { appId: `im-${tenantSpaceId}`, appKey: random(), appSign: random() },
  'live-rtc': { appId: `rtc-${tenantSpaceId}`, appKey: random() },
})

const random = (): string => randomBytes(24).toString('base64url')
