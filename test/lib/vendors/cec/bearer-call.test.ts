import { beforeEach, describe, expect, it } from 'vitest'
import type { Reply } from '../../../../lib/outbound/outbound.ts'
import type { ServiceToken } from '../../../../lib/token-cache/service-token.ts'
import { bearerCalls, refusesBearer } from '../../../../lib/vendors/cec/bearer-call.ts'
import type { CecSettings } from '../../../../lib/vendors/cec/settings.ts'
import type { Attempt } from '../../../../lib/vendors/vendor-context.ts'

const ISSUED_AT = Date.parse('2026-09-21T12:00:00Z')
const MINUTE_MS = 60_000
const reply = (status: number, text = ''): Reply => ({ status, headers: {}, text, sentAt: ISSUED_AT })
const token = (name: string): ServiceToken => ({
  token: name,
  issuedAt: ISSUED_AT,
  expiresAt: ISSUED_AT + 60 * MINUTE_MS,
})
const ATTEMPT = {} as Attempt<CecSettings>
const EXPIRED = 'illegal or expired token'

describe('lib/vendors/cec/bearer-call refusesBearer', () => {
  it.each<[number, string, boolean]>([
    [401, '', true],
    [403, 'Auth Fail', true],
    [403, EXPIRED, true],
    [403, 'a firewall says no', false],
    [200, EXPIRED, false],
    [500, EXPIRED, false],
  ])('status %i with %j: %s', (status, text, expected) => {
    expect(refusesBearer(reply(status, text))).toBe(expected)
  })
})

describe('lib/vendors/cec/bearer-call bearerCalls', () => {
  let at: number
  let sent: string[]
  /** How each replacement was asked for: `forced`, or `due`. */
  let asked: string[]
  let replacement: () => Promise<ServiceToken | undefined>
  beforeEach(() => {
    at = ISSUED_AT
    sent = []
    asked = []
    replacement = async () => token('second')
  })

  const call = (answers: readonly Reply[], isAmbiguous = false) => {
    const accessTokens = {
      get: async () => token('first'),
      replace: async (_: unknown, __: unknown, { isForced = false }: { isForced?: boolean }) => {
        asked.push(isForced ? 'forced' : 'due')
        return replacement()
      },
    }
    const send = async (accessToken: string): Promise<Reply> => {
      sent.push(accessToken)
      return answers[sent.length - 1] ?? reply(500)
    }
    return bearerCalls({ accessTokens, now: () => new Date(at) })(ATTEMPT, { send, isAmbiguous })
  }

  it('sends once where the token is not refused', async () => {
    expect(await call([reply(200, 'good')])).toEqual({ reply: reply(200, 'good'), accessToken: 'first' })
    expect(sent).toEqual(['first'])
    expect(asked).toEqual([])
  })

  it.each([
    ['in CEC’s words', reply(403, EXPIRED)],
    ['by 401', reply(401)],
  ])('sends once more with another token where it is refused %s', async (_, refused) => {
    expect(await call([refused, reply(200)])).toEqual({ reply: reply(200), accessToken: 'second' })
    expect(sent).toEqual(['first', 'second'])
  })

  it('gives the second refusal as it is', async () => {
    expect(await call([reply(401), reply(401), reply(200)])).toEqual({
      reply: reply(401),
      accessToken: 'second',
    })
    expect(sent).toEqual(['first', 'second'])
  })

  it.each<[string, number, Reply, boolean, string]>([
    ['of a token of a minute', MINUTE_MS, reply(401), false, 'forced'],
    ['of an older token', MINUTE_MS + 1, reply(401), false, 'due'],
    ['of an older token, that may be about something else', MINUTE_MS + 1, reply(401), true, 'forced'],
    ['of an older token in CEC’s words', MINUTE_MS + 1, reply(403, EXPIRED), true, 'due'],
  ])('asks for another token after a refusal %s', async (_, ms, refused, isAmbiguous, expected) => {
    at += ms
    await call([refused, reply(200)], isAmbiguous)
    expect(asked).toEqual([expected])
  })

  it('gives the refusal where no replacement is due', async () => {
    replacement = async () => undefined
    expect(await call([reply(401)])).toEqual({ reply: reply(401), accessToken: 'first' })
    expect(sent).toEqual(['first'])
  })

  it('throws where the replacement fails, but for a refusal that may be about something else', async () => {
    replacement = async () => {
      throw new Error('no token')
    }
    await expect(call([reply(401)])).rejects.toThrow('no token')
    sent = []
    expect(await call([reply(401)], true)).toEqual({ reply: reply(401), accessToken: 'first' })
  })
})
