import { describe, expect, it } from 'vitest'
import { asked, clock, fresh, parts, useAppCubeWorld, world } from '../support/app-cube-world.ts'
import { call, type RequestParts, sha256 } from '../support/world.ts'

useAppCubeWorld()

describe('X-Refused-Token', () => {
  const told = (value: string): RequestParts => ({
    ...parts(),
    headers: { ...world.authorization, 'X-Refused-Token': value },
  })

  it('has the very token renewed, at most once a minute over all sandboxes', async () => {
    const [one, other] = [await fresh(), await fresh()]
    const first = (await call(world, one, parts())).body.authToken
    const second = (await call(world, one, told(sha256(first)))).body.authToken
    expect([second === first, asked()]).toEqual([false, 2])
    for (const sandbox of [one, other]) {
      const again = await call(world, sandbox, told(sha256(second)))
      expect([again.status, again.body.authToken]).toEqual([200, second])
    }
    expect(asked()).toBe(2)
    clock.at += 60_000
    const third = (await call(world, other, told(sha256(second)))).body.authToken
    expect([third === second, asked()]).toEqual([false, 3])
    expect((await call(world, one, told(sha256(second)))).body.authToken).toBe(third)
    expect(asked()).toBe(3)
  })

  it('is ignored when it is about another token: the newer one is the answer', async () => {
    const sandbox = await fresh()
    const first = (await call(world, sandbox, parts())).body.authToken
    for (const other of ['another', '', `${first} `]) {
      expect((await call(world, sandbox, told(sha256(other)))).body.authToken).toBe(first)
    }
    const second = (await call(world, sandbox, told(sha256(first)))).body.authToken
    expect((await call(world, sandbox, told(sha256(first)))).body.authToken).toBe(second)
    expect(asked()).toBe(2)
  })

  it('says so when no new one is to be had, and leaves the old one to all others', async () => {
    const sandbox = await fresh()
    const first = (await call(world, sandbox, parts())).body.authToken
    world.vendors.oiap.fail({ fault: 'failure-inside', code: 10000001, times: 'always' })
    expect((await call(world, sandbox, told(sha256(first)))).line.code).toBe('UPSTREAM_UNAVAILABLE')
    expect((await call(world, sandbox, parts())).body.authToken).toBe(first)
  })

  it.each([
    ['in upper case', (hash: string) => hash.toUpperCase()],
    ['cut', (hash: string) => hash.slice(1)],
    ['too long', (hash: string) => `${hash}0`],
    ['of no hexadecimal digits', () => 'g'.repeat(64)],
    ['empty', () => ''],
    ['that is a token', () => 'a-token-that-was-refused'],
  ])('is refused %s, in OIAP’s own members, before any call', async (_, change) => {
    const hash = sha256('some token that it was told to refuse')
    const { status, body, line } = await call(world, await fresh(), told(change(hash)))
    expect([status, body]).toEqual([
      400,
      {
        errorCode: 990004000,
        errorMsg: 'X-Refused-Token: expected SHA-256 of the token as 64 lower-case hex digits',
      },
    ])
    expect([line.code, line.field, asked()]).toEqual(['HEADER_INVALID', 'X-Refused-Token', 0])
    expect((await call(world, await fresh(), told(hash))).status).toBe(200)
  })
})
