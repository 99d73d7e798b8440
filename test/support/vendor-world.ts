/** The world of test/support/world.ts with the vendors' emulators, and a tenant that has an account with each. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { type SystemName, systemNames } from '../../lib/vendors/registry.ts'
import { startUpstreams, type TenantSecrets, type Upstreams } from '../../tools/local/upstreams/upstreams.ts'
import { secret } from './canary.ts'
import { functionOf, type VendorFunctionName } from './functions.ts'
import {
  call,
  callersSecret,
  PREFIX,
  type RequestParts,
  startWorld,
  TENANT,
  TOKENS_TABLE,
  type World,
} from './world.ts'

export interface VendorWorld extends World {
  readonly vendors: Upstreams
  /** A function as in a sandbox that has just started. */
  readonly fresh: (name: VendorFunctionName, changes?: Partial<Runtime>) => Promise<HttpHandler>
  /** Puts a tenant's settings into Secrets Manager as the emulators know them, with members changed. */
  readonly putSettings: (system: SystemName, changes?: object, tenantSpaceId?: string) => void
  readonly authorization: { readonly authorization: string }
  /** Empties the tokens' table, so that a sandbox that starts finds no other's tokens, blocks and counters. */
  readonly clearTokens: () => Promise<void>
  /** Every item of the tokens' table. */
  readonly tokenItems: () => Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** Registers what must never be seen: everything secret that a tenant has with the vendors. */
export const watchSecrets = (secrets: TenantSecrets): void => {
  for (const system of systemNames()) {
    const settings: object = secrets[system]
    for (const [member, value] of Object.entries(settings))
      if (SECRET_MEMBERS[system].some((name) => name === member)) secret(`${system} ${member}`, value)
  }
}

/** OIAP's appKey is none: its callers name it. */
const SECRET_MEMBERS: { readonly [S in SystemName]: readonly (keyof TenantSecrets[S])[] } = {
  cec: ['appKey', 'appSecret'],
  oiap: ['appSecret'],
  'oiap-third-party': ['appSecret'],
  live: ['accessKeyId', 'accessKeySecret'],
  'live-im': ['appKey'],
  'live-rtc': ['appKey'],
}

export const startVendorWorld = async (
  options: Parameters<typeof startUpstreams>[0] = {},
): Promise<VendorWorld> => {
  const world = await startWorld()
  const vendors = await startUpstreams(options)
  process.env['ALLOW_LOOPBACK_HTTP'] = 'true'
  process.env['POLL_SECONDS'] = '0.3'
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: [TENANT] }]),
  )
  const putSettings: VendorWorld['putSettings'] = (system, changes = {}, tenantSpaceId = TENANT) => {
    const settings = vendors.tenantSecrets(tenantSpaceId)
    watchSecrets(settings)
    world.secretsManager.put(`${PREFIX}/tenants/${tenantSpaceId}/${system}`, {
      ...settings[system],
      ...changes,
    })
  }
  for (const system of systemNames()) putSettings(system)
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: world.dynamoDb.url }))
  const tokenItems: VendorWorld['tokenItems'] = async () => {
    const items = []
    for await (const page of paginateScan({ client: documents }, { TableName: TOKENS_TABLE }))
      items.push(...(page.Items ?? []))
    return items
  }

  return {
    ...world,
    vendors,
    putSettings,
    authorization: { authorization: `Bearer ${world.callerKey}` },
    tokenItems,
    clearTokens: async () => {
      for (const { pk } of await tokenItems())
        await documents.send(new DeleteCommand({ TableName: TOKENS_TABLE, Key: { pk } }))
    },
    fresh: (name, changes = {}) => functionOf(name, world.runtime({ random: () => 0, ...changes })),
    close: async () => {
      documents.destroy()
      await Promise.all([world.close(), vendors.close()])
    },
  }
}

/** A good request of each route; the relay's is `message`. */
export const GOOD_BODIES = {
  applyToken: { userId: '10010001', userName: 'Tom', channelId: 'web-1', locale: 'en' },
  chatCalls: { channelId: 'web-1', userId: '10010001', limit: '10', offset: '0', channel: 'WEB' },
  uploadFileStream: { fileType: 'jpg', fileStream: '/9j/4AAQSkZJRg==', channel: 'WEB' },
  downloadFileStream: {
    fileId: '1179725658739559425',
    fileType: 'jpg',
    channel: 'WEB',
    multiMedia: 'multiMedia',
  },
  appCubeToken: { appKey: `oiap-${TENANT}` },
  oiapThirdPartyToken: { appKey: `oiap-${TENANT}` },
  liveMessageToken: { DeviceId: 'device-1', DeviceType: 'web', UserId: 'tom.1' },
  liveImToken: { userId: '10010001' },
  liveRtcToken: { ChannelID: 'room-1', UserID: '10010001' },
  auiLiveToken: {
    user_id: '10010001',
    device_id: 'device-1',
    device_type: 'web',
    im_server: ['aliyun_new'],
  },
  auiRtcToken: { channel_id: 'room-1', user_id: '10010001' },
} as const satisfies Record<Exclude<VendorFunctionName, 'chatRelay'>, object>

/** The same at the other addresses of the last two. */
export const AUI_V1_BODIES = {
  live: { user_id: '10010001', device_id: 'device-1', device_type: 'web' },
  rtc: { room_id: 'room-1', user_id: '10010001' },
} as const

export const message = (changes: object = {}) => ({
  controlType: 'CHAT',
  channel: 'WEB',
  content: 'hello',
  from: '10010001',
  to: CHAT_CHANNEL,
  mediaType: 'TEXT',
  sourceType: 'CUSTOMER',
  timestamp: String(Date.now()),
  ...changes,
})

/** A good request of each of CEC's further chat calls. */
export const FURTHER_BODIES = {
  sendAsync: {
    controlType: 'CHAT',
    channel: 'WEB',
    content: 'hello',
    from: '10010001',
    to: 'chat-1',
    mediaType: 'TEXT',
    sourceType: 'CUSTOMER',
  },
  queryHistoryChatMessage: GOOD_BODIES.chatCalls,
  doLeaveMessage: {
    callId: '10010001',
    caller: '+86 138 0013 8000',
    leaveMessage: 'Call me',
    channel: 'WEB',
  },
  getsatisfactionsurveymode: { language: 'en_US' },
  saveSatisfaction: {
    channel: 'WEB',
    userId: '10010001',
    evaluation: '5',
    comment: 'good',
    channelConfigId: 'web-1',
  },
} as const

export type FurtherName = keyof typeof FURTHER_BODIES

export const furtherParts = (
  world: VendorWorld,
  chatToken: string,
  name: FurtherName,
  changes: object = {},
): RequestParts => ({
  headers: { ...world.authorization, 'ccmessaging-token': chatToken },
  body: { ...FURTHER_BODIES[name], ...changes },
  routeKey: `POST /apiaccess/ccmessaging/${name}`,
})

/** The calls for files. */
export const uploadParts = (world: VendorWorld, chatToken: string, changes: object = {}): RequestParts => ({
  headers: { ...world.authorization, 'ccmessaging-token': chatToken },
  body: { ...GOOD_BODIES.uploadFileStream, ...changes },
})

export const downloadParts = (world: VendorWorld, chatToken: string, changes: object = {}): RequestParts => ({
  headers: { ...world.authorization, 'ccmessaging-token': chatToken },
  body: { ...GOOD_BODIES.downloadFileStream, ...changes },
})

/** `send` and `poll` by their method. */
export const sendParts = (world: VendorWorld, chatToken: string, changes: object = {}): RequestParts => ({
  headers: { ...world.authorization, 'ccmessaging-token': chatToken },
  body: message(changes),
  method: 'POST',
})

export const pollParts = (world: VendorWorld, chatToken: string, receiverId = '10010001'): RequestParts => ({
  headers: { ...world.authorization, 'ccmessaging-token': chatToken },
  query: { receiverId, channel: 'WEB' },
  method: 'GET',
})

/** Not the channel of GOOD_BODIES: a second token for a user of one channel ends the first. */
const CHAT_CHANNEL = 'chat-1'

/** A chat token as a page has it, its conversation begun: by functions of their own, so that the one under test starts without any token. */
export const newChatToken = async (world: VendorWorld): Promise<string> => {
  const body = { ...GOOD_BODIES.applyToken, channelId: CHAT_CHANNEL }
  const issued = await call(world, await world.fresh('applyToken'), { headers: world.authorization, body })
  const { token } = issued.body
  secret('chat token', token)
  const connected = await call(
    world,
    await world.fresh('chatRelay'),
    sendParts(world, token, { controlType: 'CONNECT' }),
  )
  if (connected.status !== 200) throw new Error(`CONNECT: status ${connected.status}`)
  return token
}
