import { spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../../../lib/errors.ts'
import { type LiveImTokenOrder, liveImToken } from '../../../../../lib/vendors/live/im/token.ts'
import { expectClean, secret } from '../../../../support/canary.ts'

const NOW = new Date('2026-11-28T10:00:00.000Z')
const NOW_SECONDS = 1_795_860_000
const SETTINGS = {
  appId: 'app-1',
  appKey: secret('live-im appKey', randomBytes(16).toString('hex')),
  appSign: randomBytes(8).toString('hex'),
  userId: 'as-is',
} as const
const ORDER: LiveImTokenOrder = { userId: 'user_1', role: '', holder: 'page' }

const newId = () => randomBytes(16).toString('base64url')
const token = liveImToken({ now: () => NOW, newId })

/** The same by a program of others, or undefined where it is not installed. */
const openssl = (text: string): string | undefined => {
  const { status, stdout } = spawnSync('openssl', ['dgst', '-sha256', '-hex'], {
    input: text,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim().split(' ').at(-1) : undefined
}

/** The same by the browsers' interface. */
const subtle = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex')

const refusal = (order: LiveImTokenOrder): BridgeError => {
  try {
    token(order, SETTINGS)
  } catch (error) {
    if (error instanceof BridgeError) return error
  }
  throw new Error('the order was taken')
}

describe('lib/vendors/live/im/token', () => {
  // Not everybody has openssl, and the test command needs Node alone.
  it.each([
    ...(openssl('') === undefined ? [] : [['openssl', openssl] as const]),
    ["the browsers' interface", subtle],
  ] as const)(
    'is what %s computes, for 200 users, roles and lives, and never holds the AppKey',
    async (_, compute) => {
      for (let n = 0; n < 200; n += 1) {
        const userId = randomBytes(randomInt(1, 33)).toString('hex')
        const role = n % 2 === 0 ? '' : 'admin'
        const lifetimeSeconds = randomInt(60, 172_801)
        const given = token({ userId, role, holder: 'back-end' }, { ...SETTINGS, lifetimeSeconds })
        const { nonce, timestamp } = given.auth
        const text = `${SETTINGS.appId}${SETTINGS.appKey}${userId}${nonce}${NOW_SECONDS + lifetimeSeconds}${role}`

        expect(given.app_token).toBe(await compute(text))
        expect(timestamp).toBe(NOW_SECONDS + lifetimeSeconds)
        expectClean(JSON.stringify(given))
      }
    },
  )

  it('has the members that clients take', () => {
    const given = token(ORDER, SETTINGS)

    expect(given).toEqual({
      app_id: SETTINGS.appId,
      app_sign: SETTINGS.appSign,
      app_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      auth: {
        user_id: 'user_1',
        nonce: expect.stringMatching(/^[A-Za-z0-9_]{1,64}$/),
        timestamp: NOW_SECONDS + 3600,
        role: '',
      },
    })
  })

  it.each(['a', 'A_9', 'z'.repeat(64)])('takes the id %s as it is', (userId) => {
    expect(token({ ...ORDER, userId }, SETTINGS).auth.user_id).toBe(userId)
  })

  it.each(['', 'a-b', 'a.b', 'a b', '张三', 'z'.repeat(65)])(
    'refuses the id %j as it is, and derives one',
    (userId) => {
      const { code, message, detail } = refusal({ ...ORDER, userId })

      expect({ code, message, detail }).toEqual({
        code: 'BODY_INVALID',
        message: 'userId: expected 1 to 64 of A-Z, a-z, 0-9 and _',
        detail: { field: 'userId' },
      })
      expect(token({ ...ORDER, userId }, { ...SETTINGS, userId: 'sha256-32' }).auth.user_id).toMatch(
        /^[0-9a-f]{32}$/,
      )
    },
  )
})
