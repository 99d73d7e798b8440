import { describe, expect, it } from 'vitest'
import { ask } from '../../client/src/ask.ts'
import { failure, NEVER, newWorld, type Reply, startApi } from './world.ts'

const GET = { method: 'GET', headers: {}, credentials: 'omit', signal: NEVER } as const

const asked = async (reply: Reply): Promise<unknown> => {
  const { url } = await startApi(() => reply)
  return ask(newWorld().environment, url, GET)
}

describe('client/src/ask', () => {
  it.each([200, 201])('gives the members of an answer with status %i', async (status) => {
    expect(await asked({ status, body: { a: 1 } })).toEqual({ a: 1 })
  })

  it.each(['', 'not JSON', '"text"', 'null', '7'])('says ANSWER for a good one that is %j', async (body) => {
    expect(await failure(asked({ body }))).toMatchObject({
      code: 'ANSWER',
      message: 'status 200',
      status: 200,
    })
  })

  it.each([
    [{ errorCode: '990004030', exceptionInfo: 'not this user' }, '990004030', 'not this user'],
    [{ code: 'USER_UNKNOWN', message: 'no such user' }, 'USER_UNKNOWN', 'no such user'],
    [{ message: 'Too Many Requests' }, 'ANSWER', 'Too Many Requests'],
    ['<html>a gateway</html>', 'ANSWER', 'status 404'],
  ])('says of a failure %j its code and message', async (body, code, message) => {
    expect(await failure(asked({ status: 404, body }))).toMatchObject({ code, message, status: 404 })
  })

  it.each([
    ['3', 3],
    ['0', 0],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT', undefined],
  ])('reads Retry-After %j as %s', async (value, retryAfterSeconds) => {
    const error = await failure(
      asked({ status: 429, headers: { 'retry-after': value, 'x-request-id': 'r1' } }),
    )
    expect(error).toMatchObject({ retryAfterSeconds, requestId: 'r1' })
  })

  it('tells of the headers of every answer, a failure too', async () => {
    for (const status of [200, 500]) {
      const { url } = await startApi(() => ({ status, headers: { 'ccmessaging-token': 'next' } }))
      const seen: (string | null)[] = []
      const onAnswer = ({ headers }: { headers: { get(name: string): string | null } }): void =>
        void seen.push(headers.get('ccmessaging-token'))
      await failure(ask(newWorld().environment, url, { ...GET, onAnswer }))
      expect(seen).toEqual(['next'])
    }
  })

  it('says NETWORK where nobody listens', async () => {
    expect(await failure(ask(newWorld().environment, 'http://127.0.0.1:9', GET))).toMatchObject({
      code: 'NETWORK',
    })
  })

  it('says NETWORK when no answer comes within 35 s', async () => {
    const { url } = await startApi(() => new Promise(() => {}))
    const limits: number[] = []
    const { clock } = newWorld().environment
    const limit = (ms: number): AbortSignal => AbortSignal.timeout(limits.push(ms) * 50)
    const { environment } = newWorld(undefined, { clock: { ...clock, limit } })
    expect(await failure(ask(environment, url, GET))).toMatchObject({ code: 'NETWORK' })
    expect(limits).toEqual([35_000])
  })

  it('throws the reason of the caller who gives up, and asks nothing for one who has', async () => {
    const { url, asked } = await startApi(() => new Promise(() => {}))
    const reason = new Error('gone')
    const controller = new AbortController()
    const one = failure(ask(newWorld().environment, url, { ...GET, signal: controller.signal }))
    setTimeout(() => controller.abort(reason), 50)
    expect(await one).toBe(reason)
    expect(await failure(ask(newWorld().environment, url, { ...GET, signal: controller.signal }))).toBe(
      reason,
    )
    expect(asked.length).toBe(1)
  })
})
