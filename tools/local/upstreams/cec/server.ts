/** An emulator of Huawei CEC: tokenByAkSk, applyToken, the chat calls and the files, as its interface documents have them. */

import { type Emulator, type EmulatorOptions, startEmulator, type Vendor } from '../emulator.ts'
import { applyToken } from './apply-token.ts'
import { type Chat, poll, send } from './chat.ts'
import { Conversations } from './conversations.ts'
import { downloadFileStream, Files, uploadFileStream } from './files.ts'
import { FURTHER_CALLS, furtherCall } from './further-calls.ts'
import { cecDialect, cecMisbehaviours } from './misbehaviours.ts'
import { type CecApp, CecState } from './state.ts'
import { tokenByAkSk } from './token-by-ak-sk.ts'

export type { CecApp } from './state.ts'

export interface CecOptions extends EmulatorOptions {
  /** How long a poll hangs when there is nothing to deliver. Default 10,000; the real time is unknown. */
  readonly pollMs?: number | undefined
  /** Whether a new AccessToken ends the app's older ones, which is unknown. Default false. */
  readonly newTokenEndsOlder?: boolean | undefined
}

export interface CecEmulator extends Emulator {
  /** For a secret's `tokenUrl`. */
  readonly tokenUrl: string
  /** For a secret's `applyTokenUrl`. */
  readonly applyTokenUrl: string
  /** For a secret's `chatUrl`: the address of send and poll without their names. */
  readonly chatUrl: string
  /** Registers an app, or changes its secret; AccessTokens live on. */
  putApp(app: CecApp): void
}

const CHAT_PATH = '/apiaccess/ccmessaging'
const PATHS = new Map([
  ['/apigovernance/api/oauth/tokenByAkSk', 'tokenByAkSk'],
  [`${CHAT_PATH}/applyToken`, 'applyToken'],
  [`${CHAT_PATH}/send`, 'send'],
  [`${CHAT_PATH}/poll`, 'poll'],
  [`${CHAT_PATH}/uploadFileStream`, 'uploadFileStream'],
  [`${CHAT_PATH}/downloadFileStream`, 'downloadFileStream'],
  ...FURTHER_CALLS.map((name) => [`${CHAT_PATH}/${name}`, name] as const),
])

/** Starts a CEC that knows no app yet. */
export const startCecEmulator = async (options: CecOptions = {}): Promise<CecEmulator> => {
  const { now = () => new Date(), newTokenEndsOlder = false, pollMs = 10_000 } = options
  const state = new CecState(now, newTokenEndsOlder)
  const chat = { state, conversations: new Conversations(), files: new Files(), pollMs }
  const emulator = await startEmulator(cec(chat), options)
  return {
    ...emulator,
    tokenUrl: `${emulator.url}/apigovernance/api/oauth/tokenByAkSk`,
    applyTokenUrl: `${emulator.url}${CHAT_PATH}/applyToken`,
    chatUrl: `${emulator.url}${CHAT_PATH}`,
    putApp: (app) => state.putApp(app),
  }
}

const cec = (chat: Chat): Vendor => ({
  calls: [...PATHS.values()],
  name: ({ path }) => PATHS.get(path),
  answer: (call) => {
    switch (call.name) {
      case 'tokenByAkSk':
        return tokenByAkSk(call, chat.state)
      case 'applyToken':
        return applyToken(call, chat.state)
      case 'send':
        return send(call, chat)
      case 'uploadFileStream':
        return uploadFileStream(call, chat)
      case 'downloadFileStream':
        return downloadFileStream(call, chat)
      case 'poll':
        return poll(call, chat)
      default:
        return furtherCall(call, chat)
    }
  },
  dialect: cecDialect,
  misbehaviours: cecMisbehaviours(chat.state),
})
