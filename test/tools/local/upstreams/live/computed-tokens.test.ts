import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { post, useUpstreams } from '../support.ts'

const fixture = useUpstreams()
const DAY_SECONDS = 86_400
const nowSeconds = () => fixture.now / 1000
const hash = (...fields: readonly (string | number)[]) =>
  createHash('sha256').update(fields.join('')).digest('hex')

/** A good sign-in, changed before it is hashed. */
const signIn = (changes: { auth?: object; app_id?: string; app_sign?: string } = {}) => {
  const { appId, appKey, appSign } = fixture.secrets['live-im']
  const auth = { user_id: 'tom_1', nonce: 'n', timestamp: nowSeconds() + 60, role: '', ...changes.auth }
  const app_token = hash(appId, appKey, auth.user_id, auth.nonce, auth.timestamp, auth.role)
  return { app_id: appId, app_sign: appSign, app_token, ...changes, auth }
}
const join = (changes: object = {}) => {
  const { appId, appKey } = fixture.secrets['live-rtc']
  const all = {
    AppID: appId,
    ChannelID: 'room-1',
    UserID: 'tom',
    Nonce: '',
    Timestamp: nowSeconds() + 60,
    ...changes,
  }
  const Token = hash(all.AppID, appKey, all.ChannelID, all.UserID, all.Nonce, all.Timestamp)
  return { ...all, Token, ...changes }
}
const at = async (path: string, body: object) => {
  const { status, json } = await post(fixture.upstreams.live.url + path, body)
  return [status, json.reason]
}

describe('tools/local/upstreams/live/computed-tokens: POST /im/login', () => {
  it('takes a good token', async () => {
    expect(await at('/im/login', signIn())).toEqual([200, undefined])
  })

  it.each([
    ['an id of other characters', () => signIn({ auth: { user_id: 'tom-1' } }), 'malformed'],
    ['a nonce with a hyphen', () => signIn({ auth: { nonce: 'AK-1' } }), 'malformed'],
    ['a role of its own', () => signIn({ auth: { role: 'user' } }), 'malformed'],
    ['another application', () => signIn({ app_id: 'im-other' }), 'unknown application'],
    ['another sign', () => signIn({ app_sign: 'other' }), 'unknown application'],
    ['a token that has ended', () => signIn({ auth: { timestamp: nowSeconds() } }), 'expired'],
    ['another hash', () => ({ ...signIn(), app_token: '0'.repeat(64) }), 'wrong token'],
  ])('refuses %s', async (_, body, reason) => {
    expect(await at('/im/login', body())).toEqual([403, reason])
  })
})

describe('tools/local/upstreams/live/computed-tokens: POST /rtc/join', () => {
  it('takes a good token, and the longest life', async () => {
    expect(await at('/rtc/join', join())).toEqual([200, undefined])
    expect(await at('/rtc/join', join({ Timestamp: nowSeconds() + DAY_SECONDS }))).toEqual([200, undefined])
  })

  it.each([
    ['a nonce with a hyphen', () => join({ Nonce: 'AK-1' }), 'malformed'],
    ['no channel', () => join({ ChannelID: '' }), 'malformed'],
    ['another application', () => join({ AppID: 'rtc-other' }), 'unknown application'],
    ['a token that has ended', () => join({ Timestamp: nowSeconds() }), 'expired'],
    ['a longer life', () => join({ Timestamp: nowSeconds() + DAY_SECONDS + 1 }), 'too long a life'],
    ['another hash', () => join({ Token: '0'.repeat(64) }), 'wrong token'],
  ])('refuses %s', async (_, body, reason) => {
    expect(await at('/rtc/join', body())).toEqual([403, reason])
  })
})
