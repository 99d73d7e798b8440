import { describe, expect, it } from 'vitest'
import {
  decide,
  type OpenState,
  opened,
  openFailure,
  type Refused,
  whileProbed,
} from '../../../lib/circuit-breaker/state.ts'
import { type FailureClass, UpstreamFailure } from '../../../lib/outbound/failures.ts'

const REFUSED_AT = Date.parse('2026-09-21T12:00:00Z')
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS
const ENDLESS = Number.POSITIVE_INFINITY
const later = (ms: number) => new Date(REFUSED_AT + ms)

const state = (changes: Partial<OpenState> = {}): OpenState => ({
  failure: 'refused-unclear',
  since: REFUSED_AT,
  until: REFUSED_AT + MINUTE_MS,
  backOffMs: MINUTE_MS,
  ...changes,
})
const endless = state({ failure: 'credential', until: ENDLESS, backOffMs: ENDLESS })

describe('lib/circuit-breaker/state decide', () => {
  it('is closed for credentials that nobody has refused', () => {
    expect(decide(undefined, later(0))).toEqual({ kind: 'closed' })
  })

  it.each([
    ['at once', 0, MINUTE_MS],
    ['in the middle of the pause', 20 * SECOND_MS, 40 * SECOND_MS],
    ['in its last millisecond', MINUTE_MS - 1, 1],
  ])('is open %s, and says how much is left', (_, ms, leftMs) => {
    expect(decide(state(), later(ms))).toEqual({ kind: 'open', leftMs })
  })

  it.each([
    ['when the pause is over', MINUTE_MS],
    ['a year later', YEAR_MS],
  ])('is half-open %s', (_, ms) => {
    expect(decide(state(), later(ms))).toEqual({ kind: 'half-open' })
  })

  it('stays open for as long as a state without end', () => {
    expect(decide(endless, later(YEAR_MS))).toEqual({ kind: 'open', leftMs: ENDLESS })
  })

  it('has no longer pause left than it began with when the clock was set back', () => {
    expect(decide(state(), later(-YEAR_MS))).toEqual({ kind: 'open', leftMs: MINUTE_MS })
  })

  it('takes nothing from the state', () => {
    const frozen = Object.freeze(state())
    expect([decide(frozen, later(0)), decide(frozen, later(0))]).toEqual([
      { kind: 'open', leftMs: MINUTE_MS },
      { kind: 'open', leftMs: MINUTE_MS },
    ])
  })
})

describe('lib/circuit-breaker/state whileProbed', () => {
  it('begins the same pause again, from now on', () => {
    const probed = whileProbed(state(), later(3 * MINUTE_MS))
    expect(probed).toEqual(state({ until: REFUSED_AT + 4 * MINUTE_MS }))
    expect(decide(probed, later(4 * MINUTE_MS - 1))).toMatchObject({ kind: 'open' })
    expect(decide(probed, later(4 * MINUTE_MS))).toEqual({ kind: 'half-open' })
  })
})

describe('lib/circuit-breaker/state opened', () => {
  const POLICY = { refusedMs: 15 * MINUTE_MS, maxBackOffMs: MINUTE_MS, locksAccount: false }
  const next = (failure: FailureClass, changes: Partial<Refused> = {}, ms = 0) =>
    opened(
      { failure: new UpstreamFailure(failure, {}), earlier: undefined, policy: POLICY, ...changes },
      later(ms),
    )

  it('leaves refused credentials alone for as long as the policy says', () => {
    expect(next('credential')).toEqual({
      failure: 'credential',
      since: REFUSED_AT,
      until: REFUSED_AT + 15 * MINUTE_MS,
      backOffMs: 15 * MINUTE_MS,
    })
  })

  it('leaves them alone without end where the policy says so', () => {
    const policy = { ...POLICY, refusedMs: ENDLESS }
    expect(next('credential', { policy })).toMatchObject({ until: ENDLESS, backOffMs: ENDLESS })
  })

  it('leaves credentials that were refused without a reason alone for 5 s, doubling up to the policy’s longest', () => {
    const pauses: (number | undefined)[] = []
    let earlier: OpenState | undefined
    for (let refusals = 0; refusals < 6; refusals++) {
      earlier = next('refused-unclear', { earlier })
      pauses.push(earlier?.backOffMs)
    }
    expect(pauses).toEqual([5, 10, 20, 40, 60, 60].map((seconds) => seconds * SECOND_MS))
  })

  it('is undefined for a refusal without a reason where a caller’s data may be the reason', () => {
    const policy = { refusedMs: POLICY.refusedMs, locksAccount: false }
    expect(next('refused-unclear', { policy })).toBeUndefined()
    expect(next('credential', { policy })).toBeDefined()
  })

  it.each<FailureClass>([
    'settings-refused',
    'not-permitted',
    'not-entitled',
    'throttled',
    'unavailable',
    'wrong-address',
    'invalid-request',
    'values-refused',
    'unexpected-reply',
  ])('is undefined for %s, which says nothing about credentials', (failure) => {
    expect(next(failure)).toBeUndefined()
    expect(next(failure, { earlier: state() })).toBeUndefined()
  })

  it('keeps the beginning of what it follows', () => {
    const earlier = next('refused-unclear')
    expect(next('credential', { earlier }, MINUTE_MS)).toMatchObject({
      since: REFUSED_AT,
      until: REFUSED_AT + 16 * MINUTE_MS,
    })
  })

  it('keeps the vendor’s status and code, and nothing else that was said', () => {
    const detail = { upstreamStatus: 200, upstreamCode: '200800002', reason: 'other', field: 'other' }
    const failure = new UpstreamFailure('credential', detail)
    expect(next('credential', { failure })).toEqual({
      failure: 'credential',
      upstreamStatus: 200,
      upstreamCode: '200800002',
      since: REFUSED_AT,
      until: REFUSED_AT + 15 * MINUTE_MS,
      backOffMs: 15 * MINUTE_MS,
    })
  })
})

describe('lib/circuit-breaker/state openFailure', () => {
  it('repeats the refusal, with the whole seconds that are left', () => {
    const failure = openFailure(state({ upstreamStatus: 403 }), 1_001)
    expect(failure).toMatchObject({ code: 'UPSTREAM_REFUSED', failure: 'refused-unclear' })
    expect(failure.detail).toEqual({ upstreamStatus: 403, retryAfterSeconds: 2, reason: 'not tried again' })
  })

  it('says no time for a state without end', () => {
    expect(openFailure(endless, ENDLESS).detail).toEqual({ reason: 'not tried again' })
  })
})
