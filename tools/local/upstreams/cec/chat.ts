/** POST …/ccmessaging/send and GET …/ccmessaging/poll: the chat itself. */

import { type Call, type Fields, json, jsonObject, mediaType, type Reply } from '../call.ts'
import type { Conversations } from './conversations.ts'
import { enter } from './enter.ts'
import { cecError } from './errors.ts'
import type { Files } from './files.ts'
import { type CecState, type ChatSession, keyOf } from './state.ts'

export interface Chat {
  readonly state: CecState
  readonly conversations: Conversations
  readonly files: Files
  /** How long a poll hangs when there is nothing to say. */
  readonly pollMs: number
}

const CONTROL_TYPES = ['CONNECT', 'CHAT', 'TRANS2AGENT', 'INPUT', 'READ', 'DISCONNECT']
const MAX_FROM = 24
const MAX_CONTENT = 1024

export const send = (call: Call, { state, conversations, files }: Chat): Reply => {
  if (call.method !== 'POST') return cecError(405, 'POST only')
  const entered = enter(call, state)
  if ('refusal' in entered) return entered.refusal
  const { session } = entered
  if (mediaType(call) !== 'application/json') return cecError(400, 'Content-Type must be application/json')
  const fields = jsonObject(call.body) ?? {}
  const wrong = wrongMember(fields, session)
  if (wrong !== undefined) return cecError(400, wrong)
  const key = keyOf(session)
  if (fields['controlType'] === 'CONNECT') conversations.connect(key)
  else if (!conversations.isConnected(key)) {
    return json(200, { resultCode: '1', resultDesc: 'no session: send CONNECT first' })
  }
  if (fields['controlType'] === 'DISCONNECT') conversations.disconnect(key)
  if (fields['controlType'] === 'CHAT') {
    conversations.deliver(key, {
      controlType: 'CHAT',
      channel: 'WEB',
      ...files.saidBack(key, String(fields['mediaType']), String(fields['content'])),
      from: session.channelId,
      to: session.userId,
      sourceType: 'AGENT',
      timestamp: String(state.now()),
    })
  }
  return json(200, { resultCode: '0', resultDesc: '' })
}

export const poll = async (call: Call, { state, conversations, pollMs }: Chat): Promise<Reply> => {
  if (call.method !== 'GET') return cecError(405, 'GET only')
  const entered = enter(call, state)
  if ('refusal' in entered) return entered.refusal
  const { session } = entered
  const query = new URLSearchParams(call.query)
  if (query.get('receiverId') !== session.userId)
    return cecError(400, 'receiverId is not the user of this token')
  if (query.get('channel') !== 'WEB') return cecError(400, 'channel must be WEB')
  const downlinkMessages = await conversations.take(keyOf(session), pollMs, call.gone)
  return json(200, { resultCode: '0', resultDesc: '', downlinkMessages })
}

/** What is wrong with a message, in words; undefined when nothing is. */
const wrongMember = (fields: Fields, { channelId, userId }: ChatSession): string | undefined => {
  const text = (member: string): string => (typeof fields[member] === 'string' ? fields[member] : '')
  if (!CONTROL_TYPES.includes(text('controlType'))) return `controlType must be one of ${CONTROL_TYPES}`
  if (text('channel') !== 'WEB') return 'channel must be WEB'
  if (text('sourceType') !== 'CUSTOMER') return 'sourceType must be CUSTOMER'
  if (text('timestamp') === '') return 'timestamp must be a string and not empty'
  if ([...text('from')].length > MAX_FROM) return 'from must have 1 to 24 characters'
  if (text('from') !== userId) return 'from is not the user of this token'
  if (text('to') !== channelId) return 'to is not the channel of this token'
  if (fields['content'] !== undefined && typeof fields['content'] !== 'string')
    return 'content must be a string'
  if ([...text('content')].length > MAX_CONTENT) return 'content must have at most 1024 characters'
  if (text('controlType') !== 'CHAT') return undefined
  if (text('content') === '') return 'content is empty'
  return text('mediaType') === '' ? 'mediaType must be a string and not empty' : undefined
}
