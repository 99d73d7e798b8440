/** What the document says of each endpoint beside its descriptor: the schemas that the function reads its input with, and words. */

import type * as z from 'zod/mini'
import type * as routes from '../../lib/routes.ts'
import { accessTokenRequest } from '../../lib/schemas/access-token.ts'
import { AgentTokenRequest, ValidateAgentRequest } from '../../lib/schemas/agent-token.ts'
import { issueRequest, revocationRequest, ValidateRequest } from '../../lib/schemas/enterprise-token.ts'
import type { UserIdSettings } from '../../lib/schemas/ids.ts'
import { batchRequest, listRequest, queryRequest, userRequest } from '../../lib/schemas/users.ts'
import { DownloadRequest, UploadRequest } from '../../lib/vendors/cec/file-requests.ts'
import { FURTHER_CALLS } from '../../lib/vendors/cec/further-requests.ts'
import { applyTokenRequest, ChatMessage, PollQuery } from '../../lib/vendors/cec/requests.ts'
import {
  AuiLiveTokenV1,
  AuiLiveTokenV2,
  AuiRtcTokenV1,
  AuiRtcTokenV2,
} from '../../lib/vendors/live/aui/requests.ts'
import { LiveImTokenRequest } from '../../lib/vendors/live/im/requests.ts'
import { LiveMessageTokenRequest } from '../../lib/vendors/live/requests.ts'
import { LiveRtcTokenRequest } from '../../lib/vendors/live/rtc/requests.ts'
import { OiapTokenRequest } from '../../lib/vendors/oiap/requests.ts'

export type Route = (typeof routes)[keyof typeof routes]
export type Endpoint = Route['endpoints'][number]

export interface Operation {
  /** Unique: clients that are made of the document name their methods so. */
  readonly id: string
  readonly says: string
  /** The sample event, in `events/`, whose request is the example. */
  readonly event: string
  readonly body?: (settings: UserIdSettings) => z.ZodMiniType
  readonly query?: z.ZodMiniType
  /** Of the answer when all went well, beside those that every answer has. */
  readonly answerHeaders?: readonly string[]
}

const fixed = (schema: z.ZodMiniType) => () => schema

/** By endpoint: a route that is not here does not compile. */
export const OPERATIONS: Readonly<Record<Endpoint, Operation>> = {
  'POST /enterprise-tokens': {
    id: 'issueEnterpriseToken',
    says: 'An enterprise token for a user who is signed in',
    event: 'issueEnterpriseToken/ok',
    body: issueRequest,
  },
  'POST /access-tokens': {
    id: 'issueAccessToken',
    says: "An access token, with which a user's page may call here itself",
    event: 'issueAccessToken/ok',
    body: accessTokenRequest,
  },
  'POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate': {
    id: 'validateEnterpriseToken',
    says: 'CEC asks whether an enterprise token is really of this system',
    event: 'validateEnterpriseToken/ok',
    body: fixed(ValidateRequest),
  },
  'POST /agent-tokens': {
    id: 'issueAgentToken',
    says: "A token with which an agent's page opens CEC's workbench",
    event: 'issueAgentToken/ok',
    body: fixed(AgentTokenRequest),
  },
  'POST /rest/cc-management/v1/thirdparty/thirdPartyValidate': {
    id: 'validateAgentToken',
    says: "CEC asks whether an agent's token is really of this system",
    event: 'validateAgentToken/ok',
    body: fixed(ValidateAgentRequest),
  },
  'POST /enterprise-tokens/revocations': {
    id: 'revokeTokens',
    says: 'Ends the tokens of a user, of an agent or of everybody, or one token',
    event: 'revokeEnterpriseTokens/user',
    body: revocationRequest,
  },
  'PUT /users': {
    id: 'putUser',
    says: 'Enters, renames, disables, enables or deletes a user of the directory. A deleted one has no userName',
    event: 'putUser/ok',
    body: userRequest,
  },
  'POST /users/batch': {
    id: 'putUsers',
    says: 'The same for up to 100 users. Each has a result of its own; its entry is judged as the body of PUT /users is',
    event: 'batchUsers/ok',
    body: () => batchRequest(),
    // Where some users can be sent again.
    answerHeaders: ['retry-after'],
  },
  'POST /users/query': {
    id: 'queryUsers',
    says: 'Users of the directory, by their ids. One that is not there is left out',
    event: 'queryUsers/ok',
    body: queryRequest,
  },
  'POST /users/list': {
    id: 'listUsers',
    says: 'All users of a tenant, page by page',
    event: 'listUsers/ok',
    body: () => listRequest(),
  },
  'GET /.well-known/jwks.json': {
    id: 'jwks',
    says: 'The public keys of all tokens that this system signs',
    event: 'jwks/ok',
  },
  'POST /apiaccess/ccmessaging/applyToken': {
    id: 'applyToken',
    says: "CEC's chat token for a user",
    event: 'applyToken/ok',
    body: applyTokenRequest,
  },
  'POST /apiaccess/ccmessaging/send': {
    id: 'send',
    says: 'Sends a message of the chat. Members beside these two pass to CEC as they are',
    event: 'chatRelay/send-connect',
    body: fixed(ChatMessage),
  },
  'GET /apiaccess/ccmessaging/poll': {
    id: 'poll',
    says: 'Waits for messages of the chat',
    event: 'chatRelay/poll',
    query: PollQuery,
  },
  'POST /apiaccess/ccmessaging/sendAsync': {
    id: 'sendAsync',
    says: 'Sends a message of the chat, which CEC handles later',
    event: 'chatCalls/send-async',
    body: fixed(FURTHER_CALLS.sendAsync.body),
  },
  'POST /apiaccess/ccmessaging/queryHistoryChatMessage': {
    id: 'queryHistoryChatMessage',
    says: 'Earlier messages of the chat',
    event: 'chatCalls/history',
    body: fixed(FURTHER_CALLS.queryHistoryChatMessage.body),
  },
  'POST /apiaccess/ccmessaging/doLeaveMessage': {
    id: 'doLeaveMessage',
    says: 'Leaves a message while no agent is there',
    event: 'chatCalls/left-message',
    body: fixed(FURTHER_CALLS.doLeaveMessage.body),
  },
  'POST /apiaccess/ccmessaging/getsatisfactionsurveymode': {
    id: 'getSatisfactionSurveyMode',
    says: "The form of the tenant's satisfaction survey",
    event: 'chatCalls/survey-mode',
    body: fixed(FURTHER_CALLS.getsatisfactionsurveymode.body),
  },
  'POST /apiaccess/ccmessaging/saveSatisfaction': {
    id: 'saveSatisfaction',
    says: "A user's answer to the satisfaction survey",
    event: 'chatCalls/satisfaction',
    body: fixed(FURTHER_CALLS.saveSatisfaction.body),
  },
  'POST /apiaccess/ccmessaging/uploadFileStream': {
    id: 'uploadFileStream',
    says: "A file for the chat's agent, of at most 2 MiB",
    event: 'uploadFileStream/ok',
    body: fixed(UploadRequest),
  },
  'POST /apiaccess/ccmessaging/downloadFileStream': {
    id: 'downloadFileStream',
    says: "A file of the chat's agent, of at most 2 MiB",
    event: 'downloadFileStream/ok',
    body: fixed(DownloadRequest),
  },
  'POST /oifde/rest/appcube/api/getAppCubeToken': {
    id: 'getAppCubeToken',
    says: "The tenant's AppCube token of OIAP",
    event: 'appCubeToken/ok',
    body: fixed(OiapTokenRequest),
  },
  'POST /oifde/rest/api/gettoken': {
    id: 'getOiapToken',
    says: "The tenant's token of OIAP for whatever OIAP offers beside AppCube",
    event: 'oiapThirdPartyToken/ok',
    body: fixed(OiapTokenRequest),
  },
  'POST /live/GetMessageToken': {
    id: 'getMessageToken',
    says: "A token of Alibaba's older live messages for a user's device",
    event: 'liveMessageToken/ok',
    body: fixed(LiveMessageTokenRequest),
  },
  'POST /live/MessageToken': {
    id: 'messageToken',
    says: "A token of Alibaba's interactive messaging for a user",
    event: 'liveImToken/ok',
    body: fixed(LiveImTokenRequest),
  },
  'POST /live/RtcToken': {
    id: 'rtcToken',
    says: "A token with which a user enters one channel of Alibaba's RTC",
    event: 'liveRtcToken/ok',
    body: fixed(LiveRtcTokenRequest),
  },
  'POST /api/v2/live/token': {
    id: 'auiLiveTokenV2',
    says: "Messaging tokens in the shape that Alibaba's newer ready clients expect",
    event: 'auiLiveToken/v2',
    body: fixed(AuiLiveTokenV2),
  },
  'POST /api/v1/live/token': {
    id: 'auiLiveTokenV1',
    says: "A messaging token in the shape that Alibaba's older ready clients expect",
    event: 'auiLiveToken/v1',
    body: fixed(AuiLiveTokenV1),
  },
  'POST /api/v2/aiagent/getRtcAuthToken': {
    id: 'auiRtcTokenV2',
    says: "An RTC token in the shape that Alibaba's ready clients for agents expect",
    event: 'auiRtcToken/agent',
    body: fixed(AuiRtcTokenV2),
  },
  'POST /api/v1/live/getRtcAuthToken': {
    id: 'auiRtcTokenV1',
    says: "An RTC token in the shape that Alibaba's ready clients for rooms expect",
    event: 'auiRtcToken/room',
    body: fixed(AuiRtcTokenV1),
  },
}
