import { describe, expect, it } from 'vitest'
import { type AccessToken, accessTokens } from '../../client/src/access-token.ts'
import { failure, NEVER, newWorld, startApi } from './world.ts'

/** A source that gives `t1`, `t2`, … of `expiresIn` seconds, unless it is told to fail. */
const newSource = (expiresIn = 300) => {
  const source = { count: 0, failing: false }
  const give = async (): Promise<AccessToken> => {
    source.count += 1
    if (source.failing) throw new Error('signed out')
    return { accessToken: `t${source.count}`, expiresIn }
  }
  return { source, give }
}

describe('client/src/access-token', () => {
  it('asks once for all who need a token at the same time', async () => {
    const { source, give } = newSource()
    const tokens = accessTokens(newWorld().environment, give)
    const got = await Promise.all([tokens.get(NEVER), tokens.get(NEVER), tokens.get(NEVER)])
    expect([got, source.count]).toEqual([['t1', 't1', 't1'], 1])
  })

  it.each([
    [239, 't1', 1],
    [240, 't1', 2], // ahead: asked for, and the old one is used
    [284, 't1', 2],
    [285, 't2', 2], // over
  ])('%i s into a token of 300 s it gives %s, and has asked %i times', async (seconds, token, count) => {
    const { source, give } = newSource()
    const world = newWorld()
    const tokens = accessTokens(world.environment, give)
    await tokens.get(NEVER)
    world.pass(seconds * 1000)
    expect([await tokens.get(NEVER), source.count]).toEqual([token, count])
  })

  it.each([
    [1, 1],
    [290, 2],
  ])('counts the life from before a call that takes %i s: asked %i times', async (seconds, count) => {
    const { source, give } = newSource()
    const world = newWorld()
    const tokens = accessTokens(world.environment, () => {
      world.pass(seconds * 1000)
      return give()
    })
    await tokens.get(NEVER)
    await tokens.get(NEVER)
    expect(source.count).toBe(count)
  })

  it('keeps the old one while the next one cannot be had, and says so once it is over', async () => {
    const { source, give } = newSource()
    const world = newWorld()
    const tokens = accessTokens(world.environment, give)
    await tokens.get(NEVER)
    source.failing = true
    world.pass(250_000)
    expect(await tokens.get(NEVER)).toBe('t1')
    world.pass(40_000)
    expect(await failure(tokens.get(NEVER))).toMatchObject({ code: 'TOKEN_SOURCE' })
    source.failing = false
    expect(await tokens.get(NEVER)).toBe('t3')
  })

  it('gives another one for one that was refused, and the same for one that was replaced meanwhile', async () => {
    const { source, give } = newSource()
    const tokens = accessTokens(newWorld().environment, give)
    const first = await tokens.get(NEVER)
    expect(await tokens.get(NEVER, first)).toBe('t2')
    expect(await tokens.get(NEVER, first)).toBe('t2')
    expect(source.count).toBe(2)
  })

  it('lets one caller give up, and the others have the token', async () => {
    const { give } = newSource()
    const tokens = accessTokens(newWorld().environment, give)
    const reason = new Error('gone')
    const [gone, other] = await Promise.all([
      failure(tokens.get(AbortSignal.abort(reason))),
      tokens.get(NEVER),
    ])
    expect([gone, other]).toEqual([reason, 't1'])
  })

  it('asks an address with POST, for the cookies of the own origin', async () => {
    const { url, asked } = await startApi(() => ({
      status: 201,
      body: { accessToken: 't1', tokenType: 'Bearer', expiresIn: 300, scopes: [] },
    }))
    const credentials: string[] = []
    const { environment } = newWorld(undefined, {
      fetch: (address, request) => {
        credentials.push(request.credentials)
        return fetch(address, request)
      },
    })
    expect(await accessTokens(environment, new URL(`${url}/token`)).get(NEVER)).toBe('t1')
    expect([asked[0]?.line, credentials]).toEqual(['POST /token', ['same-origin']])
  })

  it('says of an address that refuses the status and when to come back', async () => {
    const { url } = await startApi(() => ({
      status: 503,
      headers: { 'retry-after': '7' },
      body: { message: 'x' },
    }))
    expect(await failure(accessTokens(newWorld().environment, url).get(NEVER))).toMatchObject({
      code: 'TOKEN_SOURCE',
      status: 503,
      retryAfterSeconds: 7,
    })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('signed out')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('signed out')
      },
    ],
    ['gives nothing', async () => undefined],
    ['gives null', () => null],
  ])(
    'says TOKEN_SOURCE of a function that %s, and takes one that gives a token at once',
    async (_, source) => {
      const { environment } = newWorld()
      expect(await failure(accessTokens(environment, source as never).get(NEVER))).toMatchObject({
        code: 'TOKEN_SOURCE',
      })
      const atOnce = () => ({ accessToken: 't1', expiresIn: 300 })
      expect(await accessTokens(environment, atOnce as never).get(NEVER)).toBe('t1')
    },
  )

  it('gives up a source that says nothing for 15 s', async () => {
    const { clock } = newWorld().environment
    const limits: number[] = []
    const limit = (ms: number): AbortSignal => AbortSignal.timeout(limits.push(ms) * 20)
    const { environment } = newWorld(undefined, { clock: { ...clock, limit } })
    const silent = (): Promise<never> => new Promise(() => {})
    expect(await failure(accessTokens(environment, silent).get(NEVER))).toMatchObject({
      code: 'TOKEN_SOURCE',
    })
    expect(limits).toEqual([15_000])
  })

  it.each([
    [{ accessToken: 't1', expiresIn: 300 }, undefined],
    [{ accessToken: 't1', expiresIn: 0.5 }, undefined],
    [{ expiresIn: 300 }, 'accessToken: expected a string'],
    [{ accessToken: '', expiresIn: 300 }, 'accessToken: expected a string'],
    [{ accessToken: 7, expiresIn: 300 }, 'accessToken: expected a string'],
    [{ accessToken: 't1' }, 'expiresIn: expected seconds above 0'],
    [{ accessToken: 't1', expiresIn: 0 }, 'expiresIn: expected seconds above 0'],
    [{ accessToken: 't1', expiresIn: -1 }, 'expiresIn: expected seconds above 0'],
    [{ accessToken: 't1', expiresIn: '300' }, 'expiresIn: expected seconds above 0'],
    [{ accessToken: 't1', expiresIn: Number.NaN }, 'expiresIn: expected seconds above 0'],
  ])('of a source that gives %j it says %s', async (given, message) => {
    const tokens = accessTokens(newWorld().environment, async () => given as AccessToken)
    const error = await failure(tokens.get(NEVER))
    if (message === undefined) expect(error).toBeUndefined()
    else expect(error).toMatchObject({ code: 'TOKEN_SOURCE', message })
  })
})
