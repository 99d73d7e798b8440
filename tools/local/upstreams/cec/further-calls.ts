/** CEC's chat calls beside messages and files: what the documents say of each, and no more. A chat has no history here. */

import { type Call, json, jsonObject, mediaType, type Reply } from '../call.ts'
import { enter } from './enter.ts'
import { cecError } from './errors.ts'
import type { CecState } from './state.ts'

const SUCCESS = '0'
const FAILED = { resultCode: '1', resultDesc: 'failed' }

interface FurtherCall {
  /** Strings, none of them empty. */
  readonly mandatory: readonly string[]
  readonly success: object
  /** To a member that is missing. */
  readonly failure: object
}

const CALLS: Readonly<Record<string, FurtherCall>> = {
  sendAsync: {
    mandatory: ['channel', 'controlType', 'from', 'mediaType', 'sourceType', 'to'],
    success: { resultCode: SUCCESS, resultDesc: '' },
    failure: FAILED,
  },
  queryHistoryChatMessage: {
    mandatory: ['channelId', 'userId', 'limit', 'offset', 'channel'],
    success: { messageList: [], resultCode: SUCCESS, resultDesc: '' },
    failure: FAILED,
  },
  doLeaveMessage: {
    mandatory: ['callId', 'caller', 'leaveMessage', 'channel'],
    success: { resultCode: SUCCESS, resultDesc: 'Save leaveMessage success!' },
    failure: { resultCode: '3', resultDesc: 'the leaveMessageParams is error.' },
  },
  getsatisfactionsurveymode: {
    mandatory: [],
    success: { resultCode: SUCCESS, resultDesc: '', satisfactionSurvey: { surveyType: 'NO' } },
    failure: FAILED,
  },
  saveSatisfaction: {
    mandatory: ['channel', 'userId', 'evaluation', 'comment', 'channelConfigId'],
    success: { resultCode: SUCCESS, resultDesc: 'Save satisfaction success' },
    failure: { resultCode: '13', resultDesc: '' },
  },
}

export const FURTHER_CALLS = Object.keys(CALLS)

export const furtherCall = (call: Call, { state }: { readonly state: CecState }): Reply => {
  if (call.method !== 'POST') return cecError(405, 'POST only')
  const entered = enter(call, state)
  if ('refusal' in entered) return entered.refusal
  if (mediaType(call) !== 'application/json') return cecError(400, 'Content-Type must be application/json')
  const { mandatory = [], success = {}, failure = {} } = CALLS[call.name] ?? {}
  const fields = jsonObject(call.body) ?? {}
  const isComplete = mandatory.every((member) => typeof fields[member] === 'string' && fields[member] !== '')
  return json(200, isComplete ? success : failure)
}
