/** What each endpoint answers when all went well. Nothing of lib reads these: tests hold them against what the functions answer. */

import type { JsonSchema } from './json-schema.ts'
import type { Endpoint } from './operations.ts'

const TEXT: JsonSchema = { type: 'string', minLength: 1 }
const SECONDS: JsonSchema = {
  type: 'integer',
  minimum: 1,
  description: 'What is left of its life, in seconds.',
}
const MOMENT: JsonSchema = { type: 'string', format: 'date-time' }
const EPOCH_SECONDS: JsonSchema = {
  type: 'integer',
  minimum: 1,
  description: 'Epoch seconds at which it ends.',
}

type Members = Readonly<Record<string, JsonSchema>>

/** Exactly these members, all of them but the named ones. */
const object = (properties: Members, ...optional: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})

/** CEC's own answer, as it was written: these members, and any others. */
const ofCec = (properties: Members = {}): JsonSchema => ({
  type: 'object',
  description: "CEC's answer as it was written.",
  ...(Object.keys(properties).length === 0 ? {} : { properties }),
})

const OIAP_TOKEN = object({
  errorCode: { type: 'integer', const: 0 },
  errorMsg: { type: 'string', const: '' },
  authToken: TEXT,
  expireTime: SECONDS,
})

const IM_TOKEN = object({
  app_id: TEXT,
  app_sign: TEXT,
  app_token: TEXT,
  auth: object({
    user_id: TEXT,
    nonce: TEXT,
    timestamp: EPOCH_SECONDS,
    role: { type: 'string', enum: ['admin', ''] },
  }),
})

const USER: Members = {
  userId: TEXT,
  userName: { ...TEXT, description: 'Absent of a deleted user.' },
  status: { type: 'string', enum: ['active', 'disabled', 'deleted'] },
}

const SHOWN_USER = object(
  {
    userId: TEXT,
    userName: TEXT,
    status: { type: 'string', enum: ['active', 'disabled'] },
    justInTime: { type: 'boolean', const: true, description: "The name is a caller's word." },
  },
  'justInTime',
)
const UNKNOWN_USER = object({ userId: TEXT, status: { type: 'string', const: 'unknown' } })

/** As it was written, or why it was not: the error of the route, and the id where there is one. */
const BATCH_RESULT: JsonSchema = {
  anyOf: [
    object(USER, 'userName'),
    {
      type: 'object',
      properties: { userId: TEXT, code: TEXT, message: TEXT },
      required: ['code', 'message'],
    },
  ],
}

const OLD_MESSAGING = { access_token: TEXT, refresh_token: TEXT }
const OK: JsonSchema = { type: 'integer', const: 200 }

const CHAT_CALL = ofCec({ resultCode: { type: ['string', 'integer'] } })

export const ANSWERS: Readonly<Record<Endpoint, JsonSchema>> = {
  'POST /enterprise-tokens': object({
    token: TEXT,
    expiresAt: MOMENT,
    expiresIn: SECONDS,
    thirdUserData: object({ thirdUserToken: TEXT, thirdUserName: TEXT, thirdUserId: TEXT }),
  }),
  'POST /access-tokens': object({
    accessToken: TEXT,
    tokenType: { type: 'string', const: 'Bearer' },
    expiresAt: MOMENT,
    expiresIn: SECONDS,
    scopes: { type: 'array', items: TEXT, minItems: 1 },
  }),
  'POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate': object({
    retCode: { type: 'integer', minimum: 0, maximum: 6 },
    message: TEXT,
  }),
  'POST /agent-tokens': object({ token: TEXT, expiresAt: MOMENT, expiresIn: SECONDS }),
  'POST /rest/cc-management/v1/thirdparty/thirdPartyValidate': object({
    retCode: { type: 'integer', minimum: 0, maximum: 6 },
    message: TEXT,
  }),
  'POST /enterprise-tokens/revocations': object({
    revoked: { type: 'boolean', const: true },
    inForceWithinSeconds: { type: 'integer', minimum: 1 },
  }),
  'PUT /users': object({ tenantSpaceId: TEXT, ...USER }, 'userName'),
  'POST /users/batch': object({
    users: { type: 'array', minItems: 1, items: BATCH_RESULT },
  }),
  'POST /users/query': object({
    users: { type: 'array', minItems: 1, items: { anyOf: [SHOWN_USER, UNKNOWN_USER] } },
  }),
  'POST /users/list': object(
    {
      users: { type: 'array', items: SHOWN_USER },
      next: { ...TEXT, description: 'What asks for the next page. Absent on the last.' },
    },
    'next',
  ),
  'GET /.well-known/jwks.json': object({
    keys: {
      type: 'array',
      minItems: 1,
      items: object({
        kty: { type: 'string', const: 'EC' },
        crv: { type: 'string', const: 'P-256' },
        x: TEXT,
        y: TEXT,
        kid: TEXT,
        alg: { type: 'string', const: 'ES256' },
        use: { type: 'string', const: 'sig' },
      }),
    },
  }),
  'POST /apiaccess/ccmessaging/applyToken': object({
    token: TEXT,
    resultCode: { type: 'string', const: '0' },
    resultDesc: { type: 'string', const: '' },
    expiresAt: MOMENT,
  }),
  'POST /apiaccess/ccmessaging/send': CHAT_CALL,
  'GET /apiaccess/ccmessaging/poll': ofCec({
    resultCode: { type: ['string', 'integer'] },
    downlinkMessages: { type: 'array', items: { type: 'object' } },
  }),
  'POST /apiaccess/ccmessaging/sendAsync': CHAT_CALL,
  'POST /apiaccess/ccmessaging/queryHistoryChatMessage': ofCec({
    resultCode: { type: ['string', 'integer'] },
    messageList: { type: ['array', 'null'], items: { type: 'object' } },
  }),
  'POST /apiaccess/ccmessaging/doLeaveMessage': CHAT_CALL,
  'POST /apiaccess/ccmessaging/getsatisfactionsurveymode': ofCec(),
  'POST /apiaccess/ccmessaging/saveSatisfaction': CHAT_CALL,
  'POST /apiaccess/ccmessaging/uploadFileStream': ofCec({ objectKey: TEXT }),
  'POST /apiaccess/ccmessaging/downloadFileStream': ofCec({
    fileStream: { type: ['string', 'null'] },
    fileUrl: { type: ['string', 'null'] },
  }),
  'POST /oifde/rest/appcube/api/getAppCubeToken': OIAP_TOKEN,
  'POST /oifde/rest/api/gettoken': OIAP_TOKEN,
  'POST /live/GetMessageToken': object({
    RequestId: { type: 'string' },
    Result: object(
      {
        AccessToken: TEXT,
        AccessTokenExpiredTime: {
          type: 'integer',
          minimum: 0,
          description: 'What is left, in milliseconds.',
        },
        RefreshToken: TEXT,
      },
      'AccessTokenExpiredTime',
      'RefreshToken',
    ),
  }),
  'POST /live/MessageToken': IM_TOKEN,
  'POST /live/RtcToken': object({
    AppID: TEXT,
    ChannelID: TEXT,
    UserID: TEXT,
    Nonce: { type: 'string' },
    Timestamp: EPOCH_SECONDS,
    Token: TEXT,
  }),
  'POST /api/v2/live/token': object(
    { code: OK, aliyun_old_im: object(OLD_MESSAGING, 'refresh_token'), aliyun_new_im: IM_TOKEN },
    'aliyun_old_im',
    'aliyun_new_im',
  ),
  'POST /api/v1/live/token': object({ code: OK, ...OLD_MESSAGING }, 'refresh_token'),
  'POST /api/v2/aiagent/getRtcAuthToken': object({
    code: OK,
    rtc_auth_token: TEXT,
    channel_id: TEXT,
    timestamp: EPOCH_SECONDS,
  }),
  'POST /api/v1/live/getRtcAuthToken': object({ code: OK, auth_token: TEXT, timestamp: EPOCH_SECONDS }),
}
