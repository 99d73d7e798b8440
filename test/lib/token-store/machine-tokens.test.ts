import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import {
  type MachineToken,
  type MachineTokens,
  machineTokens,
  secondsLeft,
} from '../../../lib/token-store/machine-tokens.ts'

let at: number
let tokens: MachineTokens
let fetches: number
beforeEach(() => {
  at = 1_000_000
  fetches = 0
  tokens = machineTokens(() => new Date(at))
})

const deadline = { remainingMs: () => 5_000 }
const SUBJECT = ['cec', 't1', 'f1']
const made = (lifeMs = 600_000): MachineToken => ({
  token: `token-${fetches}`,
  issuedAt: at,
  expiresAt: at + lifeMs,
})
const fetch = async () => {
  fetches += 1
  await new Promise((resolve) => setTimeout(resolve, 5))
  return made()
}
const timeout = () => new BridgeError('UPSTREAM_TIMEOUT', 'too late')

describe('lib/token-store/machine-tokens', () => {
  it('fetches once for everybody, and again at the hard limit', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get(SUBJECT, fetch, deadline)))
    expect([new Set(all.map(({ token }) => token)).size, fetches]).toEqual([1, 1])
    at += 569_999
    await tokens.get(SUBJECT, fetch, deadline)
    expect(fetches).toBe(1)
    at += 1
    await tokens.get(SUBJECT, fetch, deadline)
    expect(fetches).toBe(2)
  })

  it('keeps subjects apart', async () => {
    for (const subject of [SUBJECT, ['cec', 't1', 'f2'], ['cec', 't2', 'f1'], ['oiap', 't1', 'f1']]) {
      await tokens.get(subject, fetch, deadline)
    }
    expect(fetches).toBe(4)
  })

  it('keeps a failed fetch for nobody', async () => {
    await expect(tokens.get(SUBJECT, () => Promise.reject(new Error('once')), deadline)).rejects.toThrow(
      'once',
    )
    await expect(tokens.get(SUBJECT, fetch, deadline)).resolves.toBeDefined()
  })

  it('tells a joiner in time, with a second left for the answer', async () => {
    const never = tokens.get(SUBJECT, () => new Promise(() => undefined), deadline)
    const short = { remainingMs: () => 1_020 }
    await expect(tokens.get(SUBJECT, fetch, short)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(never).toBeInstanceOf(Promise)
  })

  it('begins again for a joiner with time left when the starter had none', async () => {
    const starter = tokens.get(SUBJECT, async () => Promise.reject(timeout()), deadline)
    const joiner = tokens.get(SUBJECT, fetch, deadline)
    await expect(starter).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    await expect(joiner).resolves.toMatchObject({ token: 'token-1' })
  })

  it('replaces a refused token by a known one, by one on its way, or by a new one if it may', async () => {
    const first = await tokens.get(SUBJECT, fetch, deadline)
    const refused = () => tokens.replace(SUBJECT, first, fetch, deadline, () => false)
    expect(await refused()).toBeUndefined()
    const [second, joined] = await Promise.all([
      tokens.replace(SUBJECT, first, fetch, deadline, () => true),
      refused(),
    ])
    expect([second?.token, joined?.token, fetches]).toEqual(['token-2', 'token-2', 2])
    expect((await refused())?.token).toBe('token-2')
  })

  it('goes on with the refused token when no other is to be had', async () => {
    const first = await tokens.get(SUBJECT, fetch, deadline)
    const failing = () => Promise.reject(new Error('down'))
    await expect(tokens.replace(SUBJECT, first, failing, deadline, () => true)).rejects.toThrow('down')
    expect(await tokens.get(SUBJECT, fetch, deadline)).toBe(first)
  })

  it('tells what is left, and never more than was issued', () => {
    const token = made()
    expect(secondsLeft(token, new Date(at + 1_500))).toBe(598)
    expect(secondsLeft(token, new Date(at - 60_000))).toBe(600)
    expect(secondsLeft(token, new Date(at + 700_000))).toBe(0)
  })
})
