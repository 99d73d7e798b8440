import { describe, expect, it } from 'vitest'
import { ask, START, useUpstreams } from '../support.ts'
import { applyToken, newBearer, tokenByAkSk } from './calls.ts'

const fixture = useUpstreams()

describe('tools/local/upstreams/cec/token-by-ak-sk', () => {
  it('answers in strings alone', async () => {
    const { appKey } = fixture.secrets.cec

    const { status, json } = await tokenByAkSk(fixture.secrets.cec)

    expect(status).toBe(200)
    expect(json).toEqual({
      AccessToken: expect.stringMatching(/^[\w-]{43}$/),
      ApplyType: 'Bearer',
      CreateTime: String(START / 1000),
      Expires: '600',
      Scope: '',
      AppKey: appKey,
      UserID: 'Anonymous',
    })
  })

  it.each(['1', '3600'])('takes X-Token-Expire %s', async (seconds) => {
    const { json } = await tokenByAkSk(fixture.secrets.cec, { 'x-token-expire': seconds })

    expect(json.Expires).toBe(seconds)
  })

  it.each([undefined, '0', '3601', '-1', '600.5', '0600', 'ten', '99999'])(
    'refuses X-Token-Expire %s',
    async (seconds) => {
      const { status, text } = await tokenByAkSk(fixture.secrets.cec, { 'x-token-expire': seconds })

      expect([status, text]).toEqual([400, ''])
    },
  )

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])(
    'refuses Content-Type %s',
    async (type) => {
      expect((await tokenByAkSk(fixture.secrets.cec, { 'content-type': type })).status).toBe(415)
    },
  )

  it('takes a Content-Type with a charset', async () => {
    const type = 'Application/JSON; charset=utf-8'

    expect((await tokenByAkSk(fixture.secrets.cec, { 'content-type': type })).status).toBe(200)
  })

  it.each(['', '{', '[]', '{"app_key":"key"}', '{"app_key":"key","app_secret":1}'])(
    'refuses the body %j',
    async (body) => {
      expect((await tokenByAkSk(fixture.secrets.cec, {}, body)).status).toBe(400)
    },
  )

  it('refuses another method', async () => {
    expect((await ask(fixture.secrets.cec.tokenUrl)).status).toBe(405)
  })

  it('answers an unknown app_key with a bare 403', async () => {
    const { status, text } = await tokenByAkSk({ ...fixture.secrets.cec, appKey: 'unknown' })

    expect([status, text]).toEqual([403, ''])
  })

  it('answers a wrong app_secret with an HTML 403', async () => {
    const { status, text, headers } = await tokenByAkSk({ ...fixture.secrets.cec, appSecret: 'wrong' })

    expect([status, headers.get('content-type')]).toEqual([403, 'text/html'])
    expect(text).toMatch(/^<html>/)
  })

  it('leaves older tokens alive', async () => {
    const older = await newBearer(fixture.secrets.cec)
    await newBearer(fixture.secrets.cec)

    expect((await applyToken(fixture.secrets.cec, older)).status).toBe(200)
  })
})

describe('tools/local/upstreams/cec/token-by-ak-sk, newTokenEndsOlder', () => {
  const strict = useUpstreams({ cec: { newTokenEndsOlder: true } })

  it('ends the older tokens of the same app', async () => {
    const older = await newBearer(strict.secrets.cec)
    const newer = await newBearer(strict.secrets.cec)

    expect((await applyToken(strict.secrets.cec, older)).status).toBe(403)
    expect((await applyToken(strict.secrets.cec, newer)).status).toBe(200)
  })
})
