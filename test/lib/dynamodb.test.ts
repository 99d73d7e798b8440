import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { type DynamoCall, dynamoCalls } from '../../lib/dynamodb.ts'
import { BridgeError } from '../../lib/errors.ts'

const calls = dynamoCalls({
  late: (cause) => new BridgeError('DEADLINE_EXCEEDED', 'late', { cause }),
  unavailable: (reason, cause) =>
    new BridgeError('DIRECTORY_UNAVAILABLE', 'unavailable', { detail: { reason }, cause }),
})
const KINDS = ['answered', 'written'] as const

const AMPLE = { remainingMs: () => 5_000 }
const OVER = { remainingMs: () => 0 }
const endingIn = (ms: number) => {
  const endsAt = performance.now() + ms
  return { remainingMs: () => Math.max(0, endsAt - performance.now()) }
}
const failing = (error: unknown) => () => Promise.reject(error)
const named = (name: string, members: object = {}) => Object.assign(new Error('x'), { name, ...members })
const conditionFailure = () => new ConditionalCheckFailedException({ message: 'x', $metadata: {} })

describe('lib/dynamodb: a call', () => {
  it('gives its answer', async () => {
    expect(await calls.answered(async () => 'the answer', AMPLE)).toBe('the answer')
    expect(await calls.written(async () => 'whatever', AMPLE)).toBe(true)
  })

  it('is told by its signal when the deadline has come', async () => {
    const heeding: DynamoCall<never> = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(named('AbortError'))))
    for (const kind of KINDS)
      await expect(calls[kind](heeding, endingIn(20))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it.each(KINDS)(
    'ends at the deadline when it heeds no signal, as in the SDK’s own pauses: %s',
    async (kind) => {
      const startedAt = performance.now()
      const deaf = () => new Promise<never>(() => undefined)
      await expect(calls[kind](deaf, endingIn(50))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
      expect(performance.now() - startedAt).toBeLessThan(500)
    },
  )

  it('whose failure comes after the deadline is unhandled nowhere', async () => {
    const late = () => new Promise<never>((_, reject) => setTimeout(() => reject(named('TimeoutError')), 40))
    await expect(calls.answered(late, endingIn(10))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await new Promise((resolve) => setTimeout(resolve, 60))
  })

  it.each(KINDS)('is not sent when no time is left: %s', async (kind) => {
    let sent = 0
    const call = async () => {
      sent += 1
    }
    await expect(calls[kind](call, OVER)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(sent).toBe(0)
    await calls[kind](call, AMPLE)
    expect(sent).toBe(1)
  })

  it.each([
    ['by the name of an error of the SDK', named('ThrottlingException'), 'ThrottlingException'],
    ['by the code of a broken connection', named('TimeoutError', { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['by the code of a closed pipe', named('TimeoutError', { code: 'EPIPE' }), 'EPIPE'],
    ['by its name where the code says no more', named('TimeoutError', { code: 'ETIMEDOUT' }), 'TimeoutError'],
    ['as unknown where it is no error', 'text', 'Unknown'],
  ])('that fails is named %s, with its cause', async (_, cause, reason) => {
    for (const kind of KINDS)
      await expect(calls[kind](failing(cause), AMPLE)).rejects.toMatchObject({
        code: 'DIRECTORY_UNAVAILABLE',
        detail: { reason },
        cause,
      })
  })
})

describe('lib/dynamodb: a condition that does not hold', () => {
  it('is the answer of a write, also when it comes at the deadline', async () => {
    expect(await calls.written(failing(conditionFailure()), AMPLE)).toBe(false)
    let remaining = 5_000
    const atTheEnd = async () => {
      remaining = 0
      throw conditionFailure()
    }
    expect(await calls.written(atTheEnd, { remainingMs: () => remaining })).toBe(false)
  })

  it('is an outage for whoever set none', async () => {
    await expect(calls.answered(failing(conditionFailure()), AMPLE)).rejects.toMatchObject({
      code: 'DIRECTORY_UNAVAILABLE',
      detail: { reason: 'ConditionalCheckFailedException' },
    })
  })
})
