/** CEC's chat token, and its chat through the relay. */

import { PAGES_AND_BACK_ENDS } from '../http/credentials.ts'
import { cecErrors } from '../http/error-formats.ts'
import type { RouteDescriptor } from '../http/route.ts'
import { FILE_BODY_LIMIT } from '../schemas/file-size.ts'
import { TOKEN_STORE_KEY } from '../secrets/definitions.ts'

export const APPLY_TOKEN = {
  name: 'applyToken',
  endpoints: ['POST /apiaccess/ccmessaging/applyToken'],
  access: 'chat-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'CHAT_TOKEN_ISSUED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

export const RELAY_CHAT = {
  name: 'chatRelay',
  endpoints: ['POST /apiaccess/ccmessaging/send', 'GET /apiaccess/ccmessaging/poll'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: [
    'TOKENS_TABLE',
    'POLL_SECONDS',
    'LONGEST_POLL_SECONDS',
    'SHORTEST_POLL_SECONDS',
    'POLL_EXECUTIONS',
  ],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'CHAT_RELAYED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

/** What a chat needs beside messages and files. */
export const RELAY_CHAT_CALLS = {
  name: 'chatCalls',
  endpoints: [
    'POST /apiaccess/ccmessaging/sendAsync',
    'POST /apiaccess/ccmessaging/queryHistoryChatMessage',
    'POST /apiaccess/ccmessaging/doLeaveMessage',
    'POST /apiaccess/ccmessaging/getsatisfactionsurveymode',
    'POST /apiaccess/ccmessaging/saveSatisfaction',
  ],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'CHAT_CALL_RELAYED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

/** A file for the agent, which a message of `send` then names. */
export const UPLOAD_FILE_STREAM = {
  name: 'uploadFileStream',
  endpoints: ['POST /apiaccess/ccmessaging/uploadFileStream'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  bodyLimit: FILE_BODY_LIMIT,
  success: { status: 200, code: 'FILE_UPLOADED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

/** A file of the agent's, which a message of `poll` has named. */
export const DOWNLOAD_FILE_STREAM = {
  name: 'downloadFileStream',
  endpoints: ['POST /apiaccess/ccmessaging/downloadFileStream'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'FILE_DOWNLOADED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor
