import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BridgeError } from '../../lib/errors.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { UpstreamFailure } from '../../lib/outbound/failures.ts'
import { CALLERS } from '../../lib/secrets/definitions.ts'
import { secretReader } from '../../lib/secrets/reader.ts'
import { type SecretSource, SecretSourceError } from '../../lib/secrets/source.ts'
import type { Table } from '../../lib/table/table.ts'
import { ALARMS } from '../../tools/package/alarm-table.ts'
import { alarmResources } from '../../tools/package/alarms.ts'
import { MINUTE_MS } from '../support/schedule-world.ts'
import { call, startWorld, TENANT, USER, type World } from '../support/world.ts'
import { ringing } from './judge.ts'
import { newStage, type Running, type Stage } from './stage.ts'

const RESOURCES = alarmResources(ALARMS, { stage: 'prod', actions: [] })
const HEALTHY_MINUTES = 16

let routes: World
let stage: Stage
beforeAll(async () => {
  routes = await startWorld()
})
afterAll(() => routes.close())

const failing = (reason: string, failure: 'final' | 'transient' = 'final'): SecretSource => ({
  read: async () => {
    throw new SecretSourceError(failure, reason)
  },
})
const down = async (): Promise<never> => {
  throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
}
// biome-ignore lint/correctness/useYield: it fails before its first page
const listed = async function* () {
  await down()
} as Table['listed']
const without = (table: Table): Table => ({ ...table, get: down, change: down, listed })

type Name = 'validateEnterpriseToken' | 'issueEnterpriseToken'
const FILES = {
  validateEnterpriseToken: () => import('../../functions/validate-enterprise-token.ts'),
  issueEnterpriseToken: () => import('../../functions/issue-enterprise-token.ts'),
} as const
const TOKEN = `${btoa('{"alg":"ES256","typ":"cec-enterprise+jwt","kid":"k"}').replaceAll('=', '')}.e30.${'A'.repeat(86)}`

/** A real request of a function, with secrets that cannot be read; or with those that can. */
const request = async (name: Name, secretSource?: SecretSource): Promise<void> => {
  const made = ((await FILES[name]()) as unknown as Record<Name, (runtime: object) => HttpHandler>)[name]
  const env = { ...process.env, STAGE: 'prod', LOG_LEVEL: 'ERROR' }
  const handler = made({
    ...routes.runtime({
      env,
      now: () => new Date(stage.world.at),
      writeLine: (line) => {
        routes.runtime().writeLine(line)
        stage.lines.push(line)
      },
    }),
    ...(secretSource && { secretSource }),
  })
  const body = { Token: TOKEN, userId: USER.userId, userName: USER.userName, tenantSpaceId: TENANT }
  await call(routes, handler, { body, headers: { authorization: `Bearer ${routes.callerKey}` } })
  stage.called(name)
}

interface Fault {
  readonly minutes: number
  readonly running?: () => Running
  readonly between?: () => unknown
  readonly begin?: () => unknown
  readonly mend?: () => void
  /** Minutes until nothing rings any more. Default 15. */
  readonly quietAfter?: number
  /** All that rings in the fault's last minute, and nothing beside it. */
  readonly rings: readonly string[]
}

const vendorFails = (failure: 'unavailable' | 'credential') => () => {
  stage.world.vendor = async () => {
    throw new UpstreamFailure(failure, {})
  }
}
const vendorAnswers = () => {
  stage.world.vendor = async () => undefined
}
const access = (status: string, lambdaStatus: string) => () => {
  for (let count = 0; count < 5; count++)
    stage.accessLines.push(
      JSON.stringify({
        time: new Date(stage.world.at).toISOString(),
        routeKey: 'POST /users',
        status,
        lambdaStatus,
      }),
    )
}

/** A reader that has read `value` before the fault. */
const readerOf = (value: string) => {
  let source: SecretSource = { read: async () => ({ versionId: value, value }) }
  const reader = secretReader({
    source: { read: (...args) => source.read(...args) },
    ...{ prefix: 'test', now: () => new Date(stage.world.at), random: () => 0.5, log: stage.log },
  })
  const read = () => reader.read(CALLERS, { deadline: { remainingMs: () => 5_000 } })
  return { read, becomes: (other: SecretSource) => (source = other) }
}
let reader: ReturnType<typeof readerOf>

const FAULTS: Readonly<Record<string, Fault>> = {
  'a vendor is down': {
    ...{ minutes: 40, begin: vendorFails('unavailable'), mend: vendorAnswers },
    rings: ['TokensEndangered', 'RenewalsFailing'],
  },
  'a vendor refuses a tenant’s credentials': {
    ...{ minutes: 40, begin: vendorFails('credential') },
    mend: () => {
      vendorAnswers()
      stage.world.put('t0/oiap', { url: 'https://oiap.example.com/token', appKey: 'new', appSecret: 'new' })
    },
    quietAfter: 20,
    rings: ['TokensEndangered', 'RenewalsFailing'],
  },
  'the tokens table’s key cannot be used': {
    minutes: 30,
    begin: () => {
      stage.world.ring = () => {
        throw new BridgeError('SECRET_UNAVAILABLE', 'no key', { detail: { secret: 'test/token-store-key' } })
      }
    },
    mend: () => {
      stage.world.ring = RING
    },
    rings: ['TokensEndangered', 'RenewalsFailing', 'TokensWithoutKey'],
  },
  'ListSecrets is denied': {
    minutes: 60,
    running: () => ({
      // biome-ignore lint/correctness/useYield: it fails before its first page
      list: async function* () {
        throw new SecretSourceError('final', 'AccessDeniedException')
      },
    }),
    quietAfter: 20,
    rings: ['TenantsNotListed'],
  },
  'the schedule has no time for what is due': {
    minutes: 6,
    running: () => ({ ms: 9_000 }),
    rings: ['TokensLeft'],
  },
  'the tokens table is down for the schedule': {
    minutes: 20,
    running: () => ({ table: without(stage.world.table) }),
    rings: ['PrewarmFailing', 'TokenStoreUnavailable'],
  },
  'the schedule is not called': {
    ...{ minutes: 20, running: () => ({ isCalled: 'no' }), rings: ['PrewarmNotRunning'] },
  },
  'the schedule is throttled': {
    ...{ minutes: 20, running: () => ({ isCalled: 'throttled' }), rings: ['PrewarmNotRunning'] },
  },
  'a rotation fails': {
    minutes: 90,
    begin: () => stage.called('rotateSigningKey', 'failed'),
    quietAfter: 24 * 60,
    rings: ['RotationFailing'],
  },
  'an item of the tokens table was altered': {
    minutes: 30,
    begin: async () => {
      const pk = String(stage.world.table.dump().find(({ sealed }) => sealed)?.['pk'])
      await stage.world.table.change(pk, { set: { sealed: 'AAAA' } }, stage.world.within(1_000))
      await stage.world.request('t0')
    },
    quietAfter: 61,
    rings: ['StoredTokensRejected'],
  },
  'requests cannot use the tokens table': {
    minutes: 20,
    between: () => stage.world.request('t0', without(stage.world.table)).catch(() => undefined),
    rings: ['TokenStoreUnavailable'],
  },
  'Secrets Manager cannot be reached': {
    minutes: 12,
    begin: async () => {
      reader = readerOf('{"callers":[]}')
      await reader.read()
      reader.becomes(failing('TimeoutError', 'transient'))
      stage.world.at += 6 * MINUTE_MS
    },
    between: () => reader.read(),
    rings: ['SecretsStale'],
  },
  'an entry of the callers is left out': {
    minutes: 120,
    begin: () => readerOf('{"callers":[{"callerId":"shop","keys":"none"}]}').read(),
    quietAfter: 6 * 60,
    rings: ['CallersLeftOut'],
  },
  'no question of CEC’s can be answered': {
    minutes: 20,
    between: () => request('validateEnterpriseToken', failing('AccessDeniedException')),
    rings: ['ValidateEnterpriseTokenAnswersFailed', 'ValidatingDown'],
  },
  'nothing can be issued': {
    minutes: 20,
    between: () => request('issueEnterpriseToken', failing('AccessDeniedException')),
    rings: ['IssueEnterpriseTokenAnswersFailed', 'IssuingDown'],
  },
  'a function does not start': {
    ...{ minutes: 20, between: () => stage.called('issueAccessToken', 'failed') },
    rings: ['IssueAccessTokenCrashing', 'IssuingDown'],
  },
  'a function is throttled': {
    ...{ minutes: 20, between: () => stage.called('validateAgentToken', 'throttled') },
    rings: ['ValidateAgentTokenThrottled', 'ValidatingDown'],
  },
  'API Gateway refuses requests': {
    ...{ minutes: 20, between: access('429', '-'), rings: ['RoutesThrottled'] },
  },

  // what must ring nothing
  'users are refused for being too many (no fault)': {
    ...{ minutes: 20, between: access('429', '200'), rings: [] },
  },
  'foreign tokens are shown (no fault)': {
    ...{ minutes: 20, between: () => request('validateEnterpriseToken'), rings: [] },
  },
  'a caller’s requests are wrong (no fault)': {
    ...{ minutes: 20, between: () => request('issueEnterpriseToken'), rings: [] },
  },
  'one question in a hundred minutes goes unanswered (no fault)': {
    ...{ minutes: 20, rings: [] },
    begin: () => request('validateEnterpriseToken', failing('AccessDeniedException')),
  },
  'a vendor is down for two minutes (no fault)': {
    ...{ minutes: 2, begin: vendorFails('unavailable'), mend: vendorAnswers, rings: [] },
  },
}

let RING: Stage['world']['ring']

describe('tools/package/alarm-table', () => {
  it.each(Object.entries(FAULTS))('%s', { timeout: 60_000 }, async (_, fault) => {
    const { running = () => ({}), between = () => undefined, quietAfter = 15 } = fault
    stage = await newStage(HEALTHY_MINUTES)
    RING = stage.world.ring
    const startedAt = stage.world.at
    await stage.minutes(HEALTHY_MINUTES, {}, () => undefined)
    const brokenAt = stage.world.at
    await fault.begin?.()
    await stage.minutes(fault.minutes, running(), between)
    const mendedAt = stage.world.at
    fault.mend?.()
    await stage.minutes(quietAfter, {}, () => undefined)

    const from = startedAt + 10 * MINUTE_MS
    const minutes = ringing(RESOURCES, stage, { from, to: stage.world.at })
    const index = (at: number) => Math.floor(at / MINUTE_MS) - Math.floor(from / MINUTE_MS)
    const [before, during, after] = [
      minutes.slice(0, index(brokenAt)),
      minutes.slice(index(brokenAt), index(mendedAt)),
      minutes.slice(index(mendedAt)),
    ]
    expect(before.flat()).toEqual([])
    expect(during.at(-1)?.toSorted()).toEqual(fault.rings.toSorted())
    // steady: whatever has begun to ring rings until the end
    for (const name of fault.rings) {
      const rings = during.map((names) => names.includes(name))
      expect(rings.slice(rings.indexOf(true))).not.toContain(false)
    }
    expect(after.at(-1)).toEqual([])
  })

  it('has a fault for every alarm', () => {
    const rung = new Set(Object.values(FAULTS).flatMap(({ rings }) => rings))
    const kinds = Object.keys(ALARMS).filter((row) => ![...rung].some((name) => name.endsWith(row)))
    expect(kinds).toEqual([])
  })

  it('is silent through a healthy day, hitches included', { timeout: 60_000 }, async () => {
    stage = await newStage(HEALTHY_MINUTES)
    const startedAt = stage.world.at
    let minute = 0
    const asked = (
      level: 'INFO' | 'ERROR',
      fields: { code: 'TOKEN_VALID' | 'DIRECTORY_UNAVAILABLE' | 'TOKEN_EXPIRED' },
    ) => {
      stage.log(level, { ...fields, function: 'validateEnterpriseToken', status: 200 })
      stage.called('validateEnterpriseToken')
    }
    await stage.minutes(24 * 60, {}, async () => {
      minute += 1
      for (let count = 0; count < 5; count++) asked('INFO', { code: 'TOKEN_VALID' })
      if (minute % 7 === 0) asked('INFO', { code: 'TOKEN_EXPIRED' })
      if (minute % 240 === 0) asked('ERROR', { code: 'DIRECTORY_UNAVAILABLE' })
      if (minute % 10 === 0) await stage.world.request('t0')
      if (minute % 300 === 0) vendorFails('unavailable')()
      if (minute % 300 === 2) vendorAnswers()
      if (minute % 400 === 0) stage.called('issueEnterpriseToken', 'failed')
      if (minute % 90 === 0) access('429', '-')()
    })
    const minutes = ringing(RESOURCES, stage, { from: startedAt + 10 * MINUTE_MS, to: stage.world.at })
    expect(minutes.flat()).toEqual([])
    expect(stage.lines.length).toBeGreaterThan(24 * 60)
  })
})
