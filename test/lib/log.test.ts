import { describe, expect, it } from 'vitest'
import { jsonLog, type LogFields, type LogLevel } from '../../lib/log.ts'
import { OUTCOMES } from '../../lib/metrics.ts'

const written = (minimum: LogLevel): string[] => {
  const lines: string[] = []
  const log = jsonLog({
    minimum,
    now: () => new Date(0),
    write: (line) => lines.push(line),
  })
  for (const level of ['INFO', 'WARN', 'ERROR'] as const)
    log(level, { code: 'CHAT_RELAYED', callerId: 'a\n"b\u0000' })
  return lines
}

describe('lib/log', () => {
  it.each([
    ['INFO', 3],
    ['WARN', 2],
    ['ERROR', 2],
  ] as const)('writes lines of at least %s, and warnings whatever the level', (minimum, count) => {
    expect(written(minimum)).toHaveLength(count)
  })

  it('writes one JSON object a line, control characters escaped', () => {
    expect(written('ERROR').slice(1)).toEqual([
      String.raw`{"level":"ERROR","time":"1970-01-01T00:00:00.000Z","code":"CHAT_RELAYED","callerId":"a\n\"b\u0000"}`,
    ])
  })
})

describe('lib/log, of who did what', () => {
  const lines = (minimum: LogLevel, fields: LogFields): string[] => {
    const found: string[] = []
    const log = jsonLog({
      minimum,
      now: () => new Date(0),
      write: (line) => found.push(line),
    })
    log('INFO', fields)
    return found
  }

  it('marks what was issued, refused or fetched, and writes it whatever the level', () => {
    for (const code of ['TOKEN_ISSUED', 'TOKEN_REVOKED', 'CHAT_TOKEN_ISSUED'] as const) {
      expect(lines('ERROR', { code }).map((line) => JSON.parse(line))).toEqual([
        { level: 'INFO', time: '1970-01-01T00:00:00.000Z', audit: true, code },
      ])
    }
    expect(lines('ERROR', { code: 'MACHINE_TOKEN_FETCHED' })[0]).toContain('"audit":true')
    expect(lines('ERROR', { code: 'JWKS_SERVED' })).toEqual([])
  })

  it('marks a refusal also where its code may be an operational warning', () => {
    const isMarked = (fields: LogFields) =>
      lines('INFO', fields).some((line) => JSON.parse(line).audit === true)
    expect(isMarked({ code: 'SECRET_MALFORMED', function: 'validateEnterpriseToken' })).toBe(true)
    expect(isMarked({ code: 'SECRET_MALFORMED', secret: 'x' })).toBe(false)
    expect(isMarked({ code: 'CHAT_RELAYED', function: 'chatRelay' })).toBe(false)
  })

  it('is ASCII: what would turn a terminal’s text around, or hide in it, is an escape, and reads back the same', () => {
    const userId = 'tom\u202e\u0085\u007f\u{1f600}\u00e9'
    const [line = ''] = lines('INFO', { code: 'TOKEN_ISSUED', userId })
    expect(line).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(line).userId).toBe(userId)
  })
})

describe('lib/log, of what CloudWatch makes metrics of', () => {
  const AT = Date.UTC(2026, 8, 21)
  const one = (level: LogLevel, fields: LogFields, minimum: LogLevel = 'INFO', stage?: string): unknown[] => {
    const lines: unknown[] = []
    const write = (line: string) => lines.push(JSON.parse(line))
    jsonLog({ minimum, now: () => new Date(AT), write, stage })(level, fields)
    return lines
  }
  const embedded = (...names: readonly string[]) => ({
    Timestamp: AT,
    CloudWatchMetrics: [
      {
        Namespace: 'cec-token-bridge',
        Dimensions: [['stage']],
        Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
      },
    ],
  })
  const SUMMARY = {
    due: 9,
    found: 0,
    refreshed: 5,
    upToDate: 1,
    dropped: 0,
    failed: 2,
    endangered: 1,
    left: 3,
    withoutKey: 2,
    notListed: 0,
  } as const

  it('has the numbers of a run of the schedule beside its fields', () => {
    expect(one('INFO', { code: 'PREWARM_DONE', ...SUMMARY }, 'INFO', 'prod')).toEqual([
      {
        level: 'INFO',
        time: '2026-09-21T00:00:00.000Z',
        code: 'PREWARM_DONE',
        ...SUMMARY,
        stage: 'prod',
        TokensRefreshed: 5,
        TokensFailed: 2,
        TokensEndangered: 1,
        TokensLeft: 3,
        TokensWithoutKey: 2,
        TenantsNotListed: 0,
        _aws: embedded(
          ...['TokensRefreshed', 'TokensFailed', 'TokensEndangered', 'TokensLeft'],
          ...['TokensWithoutKey', 'TenantsNotListed'],
        ),
      },
    ])
  })

  it.each([
    ['TOKEN_STORE_UNAVAILABLE', 'TokenStoreUnavailable'],
    ['STORED_TOKEN_REJECTED', 'StoredTokensRejected'],
  ] as const)('counts one for each %s', (code, name) => {
    expect(one('WARN', { code, system: 'cec' })).toMatchObject([
      {
        level: 'WARN',
        time: '2026-09-21T00:00:00.000Z',
        code,
        system: 'cec',
        stage: 'unknown',
        [name]: 1,
        _aws: embedded(name),
      },
    ])
  })

  it('is written also below the minimum, since a metric that is missing alarms nobody', () => {
    expect(one('INFO', { code: 'PREWARM_DONE', ...SUMMARY }, 'ERROR')).toHaveLength(1)
    expect(one('WARN', { code: 'TOKEN_STORE_UNAVAILABLE' }, 'ERROR')).toHaveLength(1)
    expect(one('INFO', { code: 'JWKS_SERVED', status: 200 }, 'ERROR')).toEqual([])
  })

  it.each([
    ['AnswersFailed', 'ERROR', 'DIRECTORY_UNAVAILABLE', 200],
    ['AnswersFailed', 'ERROR', 'INTERNAL', 500],
    ['AnswersFailed', 'ERROR', 'TENANT_KMS_REFUSED', 503],
    ['AnswersRefused', 'INFO', 'TOKEN_EXPIRED', 200],
    ['AnswersRefused', 'INFO', 'CALLER_UNKNOWN', 401],
    ['AnswersRefused', 'WARN', 'TENANT_WITHOUT_SYSTEM', 404],
    ['AnswersRefused', 'INFO', 'UPSTREAM_INVALID_REQUEST', 400],
    ['AnswersThrottled', 'INFO', 'RATE_EXCEEDED', 429],
    ['VendorFailures', 'INFO', 'UPSTREAM_THROTTLED', 429],
    ['VendorFailures', 'ERROR', 'UPSTREAM_UNAVAILABLE', 503],
    ['VendorFailures', 'WARN', 'UPSTREAM_CREDENTIAL', 502],
    ['VendorFailures', 'INFO', 'UPSTREAM_TIMEOUT', 504],
  ] as const)(
    'counts one of %s for each answer of %s %s with status %i, by function',
    (name, level, code, status) => {
      const fields = { code, status, function: 'applyToken' }
      const dimensions = name === 'VendorFailures' ? ['stage', 'function', 'code'] : ['stage', 'function']
      expect(one(level, fields)).toMatchObject([
        {
          ...{ ...fields, stage: 'unknown', [name]: 1 },
          _aws: {
            CloudWatchMetrics: [{ Dimensions: [dimensions], Metrics: [{ Name: name, Unit: 'Count' }] }],
          },
        },
      ])
    },
  )

  it('counts a line in all metrics that it is part of, each by its own dimensions', () => {
    const line = { code: 'UPSTREAM_VALUES_REFUSED', status: 400, function: 'applyToken' } as const
    expect(one('INFO', line)).toMatchObject([
      {
        ...{ ValuesRefused: 1, AnswersRefused: 1 },
        _aws: {
          CloudWatchMetrics: [{ Dimensions: [['stage']] }, { Dimensions: [['stage', 'function']] }],
        },
      },
    ])
  })

  it('is nothing else: neither a good answer, nor a line that is no answer', () => {
    expect(one('ERROR', { code: 'WARM_UP_FAILED' }, 'INFO', 'prod')).toEqual([
      { level: 'ERROR', time: '2026-09-21T00:00:00.000Z', code: 'WARM_UP_FAILED' },
    ])
    expect(one('INFO', { code: 'TOKEN_VALID', status: 200, function: 'f' })[0]).not.toHaveProperty('_aws')
    expect(one('ERROR', { code: 'ROTATION_REFUSED', function: 'f' })[0]).not.toHaveProperty('_aws')
  })

  it('has no tenant, user, caller or address among its dimensions', () => {
    const dimensions = new Set(['stage', ...Object.values(OUTCOMES).flat()])
    expect(dimensions).toEqual(new Set(['stage', 'function', 'code']))
  })
})
