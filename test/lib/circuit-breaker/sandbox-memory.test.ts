import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import { sandboxMemory } from '../../../lib/circuit-breaker/sandbox-memory.ts'
import type { OpenState } from '../../../lib/circuit-breaker/state.ts'

const KEPT_AT = Date.parse('2026-09-21T12:00:00Z')
const RECHECK_MS = 30_000
const MOST = 1_000

let at: number
let memory: ReturnType<typeof sandboxMemory>
beforeEach(() => {
  at = KEPT_AT
  memory = sandboxMemory(() => new Date(at))
})

const account = (changes: Partial<Account> = {}): Account => ({
  system: 'cec',
  policy: { refusedMs: 900_000, locksAccount: true },
  tenantSpaceId: 't1',
  fingerprint: 'f1',
  ...changes,
})
const OTHERS: readonly [string, Account][] = [
  ['system', account({ system: 'oiap' })],
  ['tenant', account({ tenantSpaceId: 't2' })],
  ['fingerprint', account({ fingerprint: 'f2' })],
]
const STATE: OpenState = {
  failure: 'credential',
  since: KEPT_AT,
  until: KEPT_AT + 900_000,
  backOffMs: 900_000,
}
const isRecent = (): boolean => {
  const known = memory.get(account())
  return known !== undefined && memory.isRecent(known)
}

describe('lib/circuit-breaker/sandbox-memory', () => {
  it('knows a state, when it was seen and whether it is stored', () => {
    memory.keep(account(), STATE, false)
    expect(memory.get(account())).toMatchObject({ state: STATE, isStored: false })
    memory.forget(account())
    expect(memory.get(account())).toBeUndefined()
  })

  it.each(OTHERS)('knows nothing of another %s', (_, other) => {
    memory.keep(account(), STATE, true)
    memory.noteSuccess(account())
    expect(memory.get(other)).toBeUndefined()
    expect(memory.hasSucceeded(other)).toBe(false)
  })

  it.each([
    ['29.999 s later', RECHECK_MS - 1, true],
    ['30 s later', RECHECK_MS, false],
    ['with the clock set back by a millisecond', -1, false],
    ['with the clock set back by 30 s', -RECHECK_MS, false],
  ])('takes what it knows for recent or not: %s', (_, ms, expected) => {
    memory.keep(account(), STATE, true)
    at += ms
    expect(isRecent()).toBe(expected)
  })

  it('knows for good that credentials were successful, whatever state they are in', () => {
    expect(memory.hasSucceeded(account())).toBe(false)
    memory.noteSuccess(account())
    memory.keep(account(), STATE, true)
    memory.forget(account())
    expect(memory.hasSucceeded(account())).toBe(true)
  })

  it('holds a thousand states and a thousand successes: the oldest makes room', () => {
    const numbered = (number: number) => account({ fingerprint: `f${number}` })
    for (let number = 0; number <= MOST; number++) {
      memory.keep(numbered(number), STATE, true)
      memory.noteSuccess(numbered(number))
    }
    for (const [number, isKnown] of [
      [0, false],
      [1, true],
      [MOST, true],
    ] as const) {
      expect(memory.get(numbered(number)) !== undefined).toBe(isKnown)
      expect(memory.hasSucceeded(numbered(number))).toBe(isKnown)
    }
  })
})
