import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type LiveRtcTokenOrder, liveRtcToken } from '../../../../../lib/vendors/live/rtc/token.ts'
import { expectClean, secret } from '../../../../support/canary.ts'

const HOUR_SECONDS = 3600
/** An hour before the moment that the published vector ends at. */
const NOW = new Date((1_699_423_634 - HOUR_SECONDS) * 1000)
const PUBLISHED = { appId: 'abc', appKey: 'abckey' }
const ORDER: LiveRtcTokenOrder = { channelId: 'abcChannel', userId: 'abcUser', holder: 'page' }

const token = liveRtcToken({ now: () => NOW, newId: () => randomBytes(16).toString('base64url') })

describe('lib/vendors/live/rtc/token', () => {
  it('reproduces the published vector', () => {
    expect(token({ ...ORDER, nonce: '' }, PUBLISHED)).toEqual({
      AppID: 'abc',
      ChannelID: 'abcChannel',
      UserID: 'abcUser',
      Nonce: '',
      Timestamp: 1_699_423_634,
      Token: '3c9ee8d9f8734f0b7560ed8022a0590659113955819724fc9345ab8eedf84f31',
    })
  })

  it('makes a nonce of its own, which is part of the hash', () => {
    const appKey = secret('live-rtc appKey', randomBytes(16).toString('hex'))
    const given = token(ORDER, { appId: 'abc', appKey })
    const fields = ['abc', appKey, 'abcChannel', 'abcUser', given.Nonce, given.Timestamp]

    expect(given.Nonce).toMatch(/^[0-9a-f]{32}n$/)
    expect(given.Token).toBe(createHash('sha256').update(fields.join('')).digest('hex'))
    expectClean(JSON.stringify(given))
  })

  it.each([
    ['page', {}, HOUR_SECONDS],
    ['back-end', {}, 24 * HOUR_SECONDS - 300],
    ['back-end', { lifetimeSeconds: 86_100 }, 86_100],
    ['page', { lifetimeSeconds: 60 }, 60],
    ['back-end', { lifetimeSeconds: 60 }, 60],
  ] as const)('lives for a %s with %j for %i s', (holder, settings, seconds) => {
    expect(token({ ...ORDER, holder }, { ...PUBLISHED, ...settings }).Timestamp).toBe(
      NOW.getTime() / 1000 + seconds,
    )
  })
})
