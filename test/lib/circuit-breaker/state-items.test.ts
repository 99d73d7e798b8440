import { describe, expect, it } from 'vitest'
import type { OpenState } from '../../../lib/circuit-breaker/state.ts'
import { stateAttributes, stateOf } from '../../../lib/circuit-breaker/state-items.ts'

const REFUSED_AT = Date.parse('2026-09-21T12:00:00Z')
const PAUSE_MS = 15 * 60_000
const WEEK_SECONDS = 7 * 24 * 3600
const ENDLESS = Number.POSITIVE_INFINITY
const ACCOUNT = {
  system: 'oiap',
  policy: { refusedMs: ENDLESS, locksAccount: true },
  tenantSpaceId: 't1',
  fingerprint: 'not to be stored as it is',
}
const state = (changes: Partial<OpenState> = {}): OpenState => ({
  failure: 'credential',
  upstreamStatus: 200,
  upstreamCode: '200800002',
  since: REFUSED_AT,
  until: REFUSED_AT + PAUSE_MS,
  backOffMs: PAUSE_MS,
  ...changes,
})
const endless = state({ until: ENDLESS, backOffMs: ENDLESS })

describe('lib/circuit-breaker/state-items stateAttributes', () => {
  it('lists a state, which the table may delete a week after its end', () => {
    expect(stateAttributes(ACCOUNT, state())).toEqual({
      set: {
        system: 'oiap',
        tenantSpaceId: 't1',
        ...state(),
        listedIn: 'blocks',
        listedAt: REFUSED_AT,
        sweepAt: (REFUSED_AT + PAUSE_MS) / 1000 + WEEK_SECONDS,
      },
    })
  })

  it('stores no end of a state without end, and takes an earlier one away', () => {
    const { set, remove } = stateAttributes(ACCOUNT, endless)
    expect(remove).toEqual(['until', 'backOffMs', 'sweepAt'])
    expect(Object.keys(set ?? {})).toEqual([
      ...['system', 'tenantSpaceId', 'failure', 'upstreamStatus', 'upstreamCode', 'since'],
      ...['listedIn', 'listedAt'],
    ])
  })
})

describe('lib/circuit-breaker/state-items stateOf', () => {
  const item = { ...state(), pk: 'any', system: 'oiap' }

  it('reads what was stored', () => {
    expect(stateOf(item)).toEqual(state())
    const { until: _, backOffMs: __, ...withoutEnd } = item
    expect(stateOf(withoutEnd)).toEqual(endless)
  })

  it('is undefined without an item, and for one with no failure that is known', () => {
    expect(stateOf(undefined)).toBeUndefined()
    expect(stateOf({ ...item, failure: 'whatever' })).toBeUndefined()
    expect(stateOf({ ...item, failure: 'throttled' })).toMatchObject({ failure: 'throttled' })
  })

  it('takes an attribute of another type for one that is absent', () => {
    const spoilt = { ...item, upstreamStatus: '200', upstreamCode: 7, since: 'x', until: 'x', backOffMs: 'x' }
    expect(stateOf(spoilt)).toEqual({
      failure: 'credential',
      since: 0,
      until: ENDLESS,
      backOffMs: ENDLESS,
    })
  })
})
