/** Text that is too long is refused for that, and by nothing that would look at all of it. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import type * as z from 'zod/mini'
import { accessTokenRequest } from '../../../lib/schemas/access-token.ts'
import { issueRequest, revocationRequest, ValidateRequest } from '../../../lib/schemas/enterprise-token.ts'
import { userRequest } from '../../../lib/schemas/users.ts'
import { applyTokenRequest, ChatMessage, PollQuery } from '../../../lib/vendors/cec/requests.ts'
import { LiveMessageTokenRequest } from '../../../lib/vendors/live/requests.ts'

const SETTINGS = { USER_ID_MAX_LENGTH: 32, USER_ID_CHARACTERS: String.raw`\u{61}-\u{7a}\u{30}-\u{39}` }
const USER = { userId: 'tom1', userName: 'Tom', tenantSpaceId: '202007159031' }

/** What a body can hold: in form NFD, of two units a letter, without and with what joiner rules look at. */
const MOST_OF_A_BODY = 16_000
const LONG = ['e\u0301', '\u0647\u200c', '\u{1f600}', 'a', ' '].map((unit) =>
  unit.repeat(MOST_OF_A_BODY / unit.length),
)

const REQUESTS: readonly [name: string, schema: z.ZodMiniType, good: Readonly<Record<string, unknown>>][] = [
  ['POST /enterprise-tokens', issueRequest(SETTINGS), USER],
  ['POST /access-tokens', accessTokenRequest(SETTINGS), { ...USER, scopes: ['chat:relay'] }],
  ['PUT /users', userRequest(SETTINGS), { ...USER, status: 'active' }],
  [
    'POST /enterprise-tokens/revocations',
    revocationRequest(SETTINGS),
    { tenantSpaceId: '1', jti: 'a'.repeat(22) },
  ],
  [
    'applyToken',
    applyTokenRequest(SETTINGS),
    { userId: 'tom1', userName: 'Tom', channelId: 'c', locale: 'en' },
  ],
  ['send', ChatMessage, { from: 'tom1', controlType: 'CHAT' }],
  ['poll', PollQuery, { receiverId: 'tom1', channel: 'WEB' }],
  [
    'GetMessageToken',
    LiveMessageTokenRequest,
    { DeviceId: 'd', DeviceType: 'web', UserId: 'tom1', AppId: 'a' },
  ],
]
const MEMBERS = REQUESTS.flatMap(([route, schema, good]) =>
  Object.keys(good)
    .filter((name) => typeof good[name] === 'string')
    .map((name) => [name, route, schema, good] as const),
)

/** No member may be longer, in UTF-16 units, and be looked at for more than its length and its first characters. */
const LOOKED_AT = 2_048

/** Counts what looks at a long text as a whole: normal forms, walks over its code points, Unicode's own patterns. */
const workOn = (run: () => void): readonly string[] => {
  const work: string[] = []
  const noted = (name: string, text: unknown) => {
    if (typeof text === 'string' && text.length > LOOKED_AT) work.push(name)
  }
  const { normalize } = String.prototype
  vi.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form) {
    noted('normalize', this)
    return normalize.call(this, form as 'NFC')
  })
  const iterate = String.prototype[Symbol.iterator]
  vi.spyOn(String.prototype, Symbol.iterator).mockImplementation(function (this: string) {
    noted('code points', this)
    return iterate.call(this)
  })
  const { test } = RegExp.prototype
  vi.spyOn(RegExp.prototype, 'test').mockImplementation(function (this: RegExp, text) {
    if (this.unicode) noted(this.source, text)
    return test.call(this, text)
  })
  run()
  vi.restoreAllMocks()
  return work
}
afterEach(() => vi.restoreAllMocks())

describe('lib/schemas: a text that is too long', () => {
  it.each(MEMBERS)('as %s of %s is refused without being walked through', (name, _, schema, good) => {
    for (const long of LONG) {
      let isAccepted: boolean | undefined
      const work = workOn(() => {
        isAccepted = schema.safeParse({ ...good, [name]: long }).success
      })
      expect({ isAccepted, work }).toEqual({ isAccepted: false, work: [] })
    }
  })

  it.each(REQUESTS)('has a twin of usual length, which %s takes', (_, schema, good) => {
    expect(schema.safeParse(good).success).toBe(true)
  })

  it('is only compared with a token where CEC asks: no member is walked through', () => {
    const [long = ''] = LONG
    const asked = { Token: long, userId: long, userName: long, tenantSpaceId: long }
    expect(workOn(() => ValidateRequest.safeParse(asked))).toEqual([])
  })

  it('is found out by this count where something walks through it', () => {
    expect(workOn(() => void [...(LONG[0] ?? '')])).toEqual(['code points'])
    expect(workOn(() => void LONG[0]?.normalize('NFC'))).toEqual(['normalize'])
  })
})
