/** A world for sandboxes in processes: emulators on loopback, tenants with accounts, and one clock for all. */

import { randomBytes } from 'node:crypto'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { LEASE_MS } from '../../lib/token-cache/lease.ts'
import { type LocalDynamoDb, startDynamoDb } from '../../tools/local/dynamodb.ts'
import { type SecretsManagerEmulator, startSecretsManager } from '../../tools/local/secrets-manager/server.ts'
import { newTokenStoreKey } from '../../tools/local/seeds.ts'
import { startUpstreams, type Upstreams } from '../../tools/local/upstreams/upstreams.ts'
import { secret } from '../support/canary.ts'
import {
  callersSecret,
  directoryResources,
  ISSUER,
  newCallerKey,
  PREFIX,
  STAGE,
  TABLE,
  TOKENS_TABLE,
  tokensResources,
} from '../support/world.ts'
import type { CallReport, Order } from './protocol.ts'
import { type Run, type Sandbox, startSandbox } from './sandboxes.ts'
import { type MachineSystem, startVendorGate, type VendorGate } from './vendor-gate.ts'

export const PROCESSES = 8
/** One for each case at the most; a caller's tenants must be listed beforehand. */
const MOST_TENANTS = 60
/** Of the AppCube token and, here, of the AccessToken too. */
export const LIFE_MS = 3_600_000
/** Past every sandbox's soft limit, whatever its jitter: 270 s are left. */
export const PAST_SOFT_MS = LIFE_MS - 265_000
/** Past the hard limit: 30 s are left. */
export const PAST_HARD_MS = LIFE_MS - 29_000
/** Past the time that a sandbox waits between two looks for a newer token, whatever its jitter. */
export const LOOK_AGAIN_MS = 10_001
/** Past the end of a lease. */
export const PAST_LEASE_MS = LEASE_MS + 1

export interface ChaosWorld {
  readonly dynamoDb: LocalDynamoDb
  readonly secretsManager: SecretsManagerEmulator
  readonly vendors: Upstreams
  readonly gate: VendorGate
  readonly sandboxes: readonly Sandbox[]
  /** Tenants that nobody has asked for yet. */
  readonly newTenants: (count: number) => readonly string[]
  /** Puts a tenant's settings as the vendors know them, with members changed. */
  readonly putSettings: (tenantSpaceId: string, system: MachineSystem, changes?: object) => void
  /** Sets the vendors' and all sandboxes' clocks forward. */
  readonly pass: (ms: number) => Promise<void>
  /** How far each sandbox's clock is ahead of the vendors'. Default 0 each. */
  readonly spread: (aheadMs?: readonly number[]) => Promise<void>
  /** The vendors' time at a moment of the machine's. */
  readonly vendorTimeAt: (machineMs: number) => number
  /** The same order for each sandbox, or each of some. */
  readonly runAll: (
    order: Partial<Order> & Pick<Order, 'handler' | 'tenants'>,
    of?: readonly Sandbox[],
  ) => Runs
  /** All sandboxes as just started; the dead are replaced. */
  readonly renew: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Runs of several sandboxes, as one. */
export interface Runs extends Omit<Run, 'soFar'> {
  readonly soFar: () => readonly CallReport[]
}

export const startChaosWorld = async (processes = PROCESSES): Promise<ChaosWorld> => {
  let aheadMs = 0
  const offsets = [{ from: 0, aheadMs }]
  const now = () => Date.now() + aheadMs
  const callerKey = newCallerKey()
  const tenants = Array.from({ length: MOST_TENANTS }, (_, index) => `tenant-${index}`)
  let used = 0

  const secretsManager = await startSecretsManager()
  const dynamoDb = await startDynamoDb({ ...directoryResources(TABLE), ...tokensResources(TOKENS_TABLE) })
  const vendors = await startUpstreams({ now: () => new Date(now()) })
  const tenantsByKey = new Map<string, string>()
  const gate = await startVendorGate(vendors, (appKey) => tenantsByKey.get(appKey) ?? 'unknown', now)

  secretsManager.put(`${PREFIX}/token-store-key`, { key: secret('token store key', newTokenStoreKey()) })
  secretsManager.put(`${PREFIX}/test-caller-key`, callerKey)
  secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: callerKey, scopes: SCOPES, tenants }]),
  )

  const putSettings: ChaosWorld['putSettings'] = (tenantSpaceId, system, changes = {}) => {
    const { cec, oiap } = vendors.tenantSecrets(tenantSpaceId)
    for (const [name, value] of Object.entries({ cec: cec.appSecret, oiap: oiap.appSecret })) {
      secret(`${name} appSecret`, value)
    }
    secret('CEC appKey', cec.appKey)
    tenantsByKey.set(cec.appKey, tenantSpaceId).set(oiap.appKey, tenantSpaceId)
    const settings = {
      cec: {
        ...cec,
        tokenUrl: gate.tokenUrl.cec,
        applyTokenUrl: gate.applyTokenUrl,
        tokenExpireSeconds: LIFE_MS / 1000,
      },
      oiap: { ...oiap, url: gate.tokenUrl.oiap },
    }
    secretsManager.put(`${PREFIX}/tenants/${tenantSpaceId}/${system}`, { ...settings[system], ...changes })
  }

  const env = {
    PATH: process.env['PATH'] ?? '',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    STAGE,
    SECRETS_PREFIX: PREFIX,
    ISSUER,
    DIRECTORY_TABLE: TABLE,
    CALLERS_TABLE: 'not-asked',
    TOKENS_TABLE,
    ALLOW_LOOPBACK_HTTP: 'true',
  }
  const sandboxes = await Promise.all(Array.from({ length: processes }, () => startSandbox(env)))
  const dead = new Set<Sandbox>()
  let spreadMs: readonly number[] = []
  const setClocks = () =>
    Promise.all(
      sandboxes.map((sandbox, index) =>
        dead.has(sandbox) ? undefined : sandbox.setClock(aheadMs + (spreadMs[index] ?? 0)),
      ),
    )
  const watched = (sandbox: Sandbox): Sandbox => ({
    ...sandbox,
    kill: async () => {
      dead.add(sandboxes.find(({ pid }) => pid === sandbox.pid) as Sandbox)
      await sandbox.kill()
    },
  })

  for (const [index, sandbox] of sandboxes.entries()) sandboxes[index] = watched(sandbox)

  return {
    dynamoDb,
    secretsManager,
    vendors,
    gate,
    sandboxes,
    newTenants: (count) => {
      const fresh = tenants.slice(used, used + count)
      if (fresh.length < count) throw new RangeError('no tenants left: raise MOST_TENANTS')
      used += count
      for (const tenant of fresh) {
        vendors.addTenant(tenant)
        for (const system of ['cec', 'oiap'] as const) putSettings(tenant, system)
      }
      return fresh
    },
    putSettings,
    pass: async (ms) => {
      aheadMs += ms
      offsets.push({ from: Date.now(), aheadMs })
      await setClocks()
    },
    spread: async (ms = []) => {
      spreadMs = ms
      await setClocks()
    },
    vendorTimeAt: (machineMs) =>
      machineMs + (offsets.findLast(({ from }) => from <= machineMs)?.aheadMs ?? 0),
    runAll: (order, of = sandboxes) => together(of.map((sandbox) => sandbox.run(order))),
    renew: async () => {
      for (const [index, sandbox] of sandboxes.entries()) {
        if (dead.delete(sandbox)) sandboxes[index] = watched(await startSandbox(env))
      }
      await setClocks()
      await Promise.all(sandboxes.map((sandbox) => sandbox.renew()))
    },
    close: async () => {
      await Promise.all(sandboxes.map((sandbox) => sandbox.kill()))
      await Promise.all([gate.close(), secretsManager.close(), dynamoDb.close(), vendors.close()])
    },
  }
}

const together = (runs: readonly Run[]): Runs => {
  const soFar = () => runs.flatMap((run) => [...run.soFar])
  let isDone = false
  const done = Promise.all(runs.map((run) => run.done)).then((reports) => {
    isDone = true
    return reports.flat()
  })
  done.catch(() => undefined)
  return {
    begun: Promise.all(runs.map((run) => run.begun)).then(() => undefined),
    soFar,
    ended: async (count) => {
      while (soFar().length < count) {
        const left = runs.map((run) => run.ended(run.soFar.length + 1))
        // A call that failed its checks must not leave the test waiting.
        await Promise.race([...left, done])
        if (isDone && soFar().length < count) throw new RangeError(`expected ${count} calls`)
      }
      return soFar()
    },
    done,
  }
}

export const newWrongSecret = (): string => secret('a wrong secret', randomBytes(24).toString('base64url'))
