/** The faults that only CEC has, and how the common ones look there. */

import { type Call, header, json, jsonObject, type Reply } from '../call.ts'
import type { Dialect, Misbehaviours } from '../misbehaviours.ts'
import { bearerOf } from './authorize.ts'
import { authFail, cecError, notPurchased } from './errors.ts'
import { FURTHER_CALLS } from './further-calls.ts'
import type { CecState } from './state.ts'

const IN_A_CHAT = ['send', 'poll', 'uploadFileStream', 'downloadFileStream', ...FURTHER_CALLS]
const WITH_BEARER = ['applyToken', ...IN_A_CHAT]

/** The member in which a call tells its own code, where it is not `resultCode`. */
const CODE_MEMBERS: Readonly<Record<string, string>> = { uploadFileStream: 'returnCode' }

export const cecDialect: Dialect = {
  // The vendor's error code says nothing, so throttling shows in the status alone.
  error: (_call, { status, code, message, headers }) =>
    cecError(status, message, { errorCode: code === 'throttled' ? '0' : code, headers }),
  tokens: { tokenByAkSk: ['AccessToken'], applyToken: ['token'] },
  lifetimes: { tokenByAkSk: ['Expires'] },
  optional: { applyToken: ['resultCode', 'resultDesc'] },
  failureInside: ({ name }, code = '1') =>
    json(200, { [CODE_MEMBERS[name] ?? 'resultCode']: code, resultDesc: 'failed' }),
}

export const cecMisbehaviours = (state: CecState): Misbehaviours => ({
  'bearer-expired': {
    calls: WITH_BEARER,
    run: async (call, { status }, truth) => {
      state.endAccessToken(bearerOf(call))
      return status === undefined ? truth() : authFail(status)
    },
  },
  'bearer-refused': { calls: WITH_BEARER, run: (_call, { status }) => authFail(status) },
  'not-purchased': { calls: WITH_BEARER, run: () => notPurchased() },
  'business-failure': {
    calls: ['applyToken'],
    run: (_call, { code }) => cecError(500, 'the channel is not configured', { errorCode: code }),
  },
  'numbers-for-strings': {
    calls: ['tokenByAkSk', 'applyToken'],
    run: async (_call, _settings, truth) => withNumbers(await truth()),
  },
  'renewed-chat-token': {
    calls: IN_A_CHAT,
    run: async (call, _settings, truth) => {
      const reply = await truth()
      return reply.status === 200 ? withNewToken(call, reply, state) : reply
    },
  },
  'header-on-failure': {
    calls: IN_A_CHAT,
    run: (call, { status = 403, code }) =>
      withNewToken(call, cecError(status, 'failed', { errorCode: code }), state),
  },
})

const withNumbers = (reply: Reply): Reply => {
  const members = Object.entries(jsonObject(reply.body) ?? {}).map(([name, value]) =>
    typeof value === 'string' && /^\d+$/.test(value) ? [name, Number(value)] : [name, value],
  )
  return reply.status === 200 ? { ...reply, body: JSON.stringify(Object.fromEntries(members)) } : reply
}

/** The new token comes in the header of the answer at hand; the old one ends with it. */
const withNewToken = (call: Call, reply: Reply, state: CecState): Reply => {
  const session = state.sessionOfChatToken(header(call, 'ccmessaging-token'))
  if (session === undefined) return reply
  return { ...reply, headers: { ...reply.headers, 'ccmessaging-token': state.issueChatToken(session) } }
}
