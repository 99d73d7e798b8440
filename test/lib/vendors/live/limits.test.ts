import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../../lib/log.ts'
import type { Table } from '../../../../lib/table/table.ts'
import { type LiveLimits, liveLimits } from '../../../../lib/vendors/live/limits.ts'
import { LiveSettings } from '../../../../lib/vendors/live/settings.ts'
import { type MemoryTable, memoryTable } from '../../../../tools/bench/simulate/memory-table.ts'
import { leaksIn, secret } from '../../../support/canary.ts'

const random = () => randomBytes(12).toString('base64url')
const accessKeyId = secret('AccessKeyId', `LTAI${random()}`)
const TOM = secret('userId', `tom.${random()}`)
const deadline = { remainingMs: () => 5_000 }
/** The beginning of a minute. */
const MINUTE = 1_790_000_040_000

let at: number
let table: MemoryTable
let lines: (LogFields & { readonly level: LogLevel })[]
beforeEach(() => {
  at = MINUTE
  table = memoryTable()
  lines = []
})

const settings = (changes: object = {}): LiveSettings =>
  LiveSettings.parse({
    endpoint: 'https://live.example.com',
    appId: 'app',
    accessKeyId,
    accessKeySecret: secret('AccessKeySecret', random()),
    ...changes,
  })
const sandbox = (of: Table = table): LiveLimits =>
  liveLimits({ table: of, now: () => new Date(at), log: (level, fields) => lines.push({ level, ...fields }) })

/** 'passed', or code, field and Retry-After of the refusal. */
const ask = async (
  by: LiveLimits,
  userId: string,
  { tenant = 't1', changes = {} as object } = {},
): Promise<unknown> => {
  try {
    await by({ tenantSpaceId: tenant, userId }, settings(changes), deadline)
    return 'passed'
  } catch (error) {
    const { code, detail } = error as BridgeError
    return [code, detail.field, detail.retryAfterSeconds]
  }
}
const OVER_ACCOUNT = ['RATE_EXCEEDED', 'AppId', 1]
const passed = (answers: readonly unknown[]) => answers.filter((answer) => answer === 'passed').length

describe('calls per second and AccessKeyId', () => {
  /** Each of another user. */
  const crowd = (by: readonly LiveLimits[], count: number, options = {}) =>
    Promise.all(
      Array.from({ length: count }, (_, n) => ask(by[n % by.length] as LiveLimits, `user ${n}`, options)),
    )

  it('are 90 over all sandboxes, and 90 more in the next second', async () => {
    const sandboxes = [sandbox(), sandbox(), sandbox()]
    const answers = await crowd(sandboxes, 100)
    expect([passed(answers), answers[95]]).toEqual([90, OVER_ACCOUNT])
    at += 999
    expect(await ask(sandbox(), 'another')).toEqual(OVER_ACCOUNT)
    at += 1
    expect(passed(await crowd(sandboxes, 100))).toBe(90)
  })

  it('are as many as the settings say', async () => {
    expect(passed(await crowd([sandbox()], 10, { changes: { callsPerSecond: 3 } }))).toBe(3)
  })

  it('are counted together for tenants that share an account', async () => {
    expect(passed(await crowd([sandbox()], 60))).toBe(60)
    expect(passed(await crowd([sandbox()], 60, { tenant: 't2' }))).toBe(30)
  })

  it('are counted apart for another account', async () => {
    await crowd([sandbox()], 91)
    const changes = { accessKeyId: secret('another AccessKeyId', `LTAI${random()}`) }
    expect(await ask(sandbox(), TOM, { changes })).toBe('passed')
    expect(await ask(sandbox(), TOM)).toEqual(OVER_ACCOUNT)
  })
})

describe('calls per minute and user', () => {
  it('are 20 over all sandboxes, with the seconds until the next minute', async () => {
    const sandboxes = [sandbox(), sandbox()]
    for (let n = 0; n < 20; n++) {
      expect(await ask(sandboxes[n % 2] as LiveLimits, TOM)).toBe('passed')
      at += 1_000
    }
    expect(await ask(sandbox(), TOM)).toEqual(['RATE_EXCEEDED', 'UserId', 40])
    at = MINUTE + 59_999
    expect(await ask(sandbox(), TOM)).toEqual(['RATE_EXCEEDED', 'UserId', 1])
    at += 1
    expect(await ask(sandbox(), TOM)).toBe('passed')
  })

  it('are as many as the settings say', async () => {
    const changes = { callsPerUserAndMinute: 1 }
    const answers = [await ask(sandbox(), TOM, { changes }), await ask(sandbox(), TOM, { changes })]
    expect(answers).toEqual(['passed', ['RATE_EXCEEDED', 'UserId', 60]])
  })

  it('are counted apart for another user, and for the same name in another tenant', async () => {
    const changes = { callsPerUserAndMinute: 1 }
    await ask(sandbox(), TOM, { changes })
    expect(await ask(sandbox(), TOM, { changes })).toEqual(['RATE_EXCEEDED', 'UserId', 60])
    expect(await ask(sandbox(), 'jane', { changes })).toBe('passed')
    expect(await ask(sandbox(), TOM, { changes, tenant: 't2' })).toBe('passed')
  })

  it('are counted first: one user alone cannot use up what all share', async () => {
    const answers = []
    for (let n = 0; n < 500; n++) answers.push(await ask(sandbox(), TOM))
    expect(passed(answers)).toBe(20)
    expect(await ask(sandbox(), 'jane')).toBe('passed')
  })
})

describe('the table', () => {
  it('learns neither AccessKeyId nor user, and is asked twice a call', async () => {
    await ask(sandbox(), TOM)
    expect(leaksIn(JSON.stringify(table.dump()))).toEqual([])
    expect(leaksIn(`${accessKeyId} ${TOM}`)).toEqual(
      expect.arrayContaining(['AccessKeyId (raw)', 'userId (raw)']),
    )
    expect(table.dump().map(({ pk }) => pk)).toEqual([
      expect.stringMatching(/^4:live5:calls43:[\w-]{43}8:29833334$/),
      expect.stringMatching(/^4:live5:calls43:[\w-]{43}10:1790000040$/),
    ])
    expect(table.calls().count).toBe(2)
  })

  it('may forget a window an hour later', async () => {
    await ask(sandbox(), TOM)
    expect(table.dump().map(({ sweepAt }) => sweepAt)).toEqual(Array(2).fill(MINUTE / 1000 + 3_600))
  })

  it('refuses nobody while it is down: Alibaba’s own limit still stands', async () => {
    const down: Table = {
      ...table,
      count: async () => {
        throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
      },
    }
    for (let n = 0; n < 30; n++) expect(await ask(sandbox(down), TOM)).toBe('passed')
    const line = { level: 'WARN', code: 'TOKEN_STORE_UNAVAILABLE', system: 'live', tenantSpaceId: 't1' }
    // one for each of the two limits
    expect(lines).toEqual(Array(60).fill({ ...line, reason: 'Down' }))
  })

  it('says why also where nobody knows a reason', async () => {
    const down: Table = {
      ...table,
      count: async () => {
        throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down')
      },
    }
    await ask(sandbox(down), TOM)
    expect(lines[0]).toMatchObject({ reason: 'TOKEN_STORE_UNAVAILABLE' })
  })

  it('is not taken to be down for a mistake of ours', async () => {
    const broken: Table = {
      ...table,
      count: async () => {
        throw new TypeError('a mistake')
      },
    }
    const tom = { tenantSpaceId: 't1', userId: TOM }
    await expect(sandbox(broken)(tom, settings(), deadline)).rejects.toThrow('a mistake')
  })
})
