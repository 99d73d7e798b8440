import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { DESCRIPTORS } from '../support/descriptors.ts'
import { AGENT } from '../support/refusals.ts'
import {
  FURTHER_BODIES,
  GOOD_BODIES,
  newChatToken,
  startVendorWorld,
  type VendorWorld,
} from '../support/vendor-world.ts'
import {
  callersSecret,
  call as callIn,
  type LogLine,
  PREFIX,
  type RequestParts,
  TENANT,
  USER,
} from '../support/world.ts'

let world: VendorWorld
let handlers: Record<string, HttpHandler>
let token = ''
let chatToken = ''

beforeAll(async () => {
  world = await startVendorWorld()
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: [TENANT] }]),
  )
  const runtime = world.runtime()
  handlers = {
    issue: (await import('../../functions/issue-enterprise-token.ts')).issueEnterpriseToken(runtime),
    issueAgent: (await import('../../functions/issue-agent-token.ts')).issueAgentToken(runtime),
    issueAccess: (await import('../../functions/issue-access-token.ts')).issueAccessToken(runtime),
    validate: (await import('../../functions/validate-enterprise-token.ts')).validateEnterpriseToken(runtime),
    revoke: (await import('../../functions/revoke-enterprise-tokens.ts')).revokeEnterpriseTokens(runtime),
    putUser: (await import('../../functions/put-user.ts')).putUser(runtime),
    batchUsers: (await import('../../functions/batch-users.ts')).batchUsers(runtime),
    queryUsers: (await import('../../functions/query-users.ts')).queryUsers(runtime),
    listUsers: (await import('../../functions/list-users.ts')).listUsers(runtime),
    jwks: (await import('../../functions/jwks.ts')).jwks(runtime),
    applyToken: await world.fresh('applyToken'),
    chatCalls: await world.fresh('chatCalls'),
    uploadFileStream: await world.fresh('uploadFileStream'),
    downloadFileStream: await world.fresh('downloadFileStream'),
    liveMessageToken: await world.fresh('liveMessageToken'),
    liveImToken: await world.fresh('liveImToken'),
    liveRtcToken: await world.fresh('liveRtcToken'),
    auiLiveToken: await world.fresh('auiLiveToken'),
    auiRtcToken: await world.fresh('auiRtcToken'),
    appCubeToken: await world.fresh('appCubeToken'),
    oiapThirdPartyToken: await world.fresh('oiapThirdPartyToken'),
  }
  chatToken = await newChatToken(world)
  token = (await call('issue', { ...USER, tenantSpaceId: TENANT })).answer.token
})
afterAll(() => world.close())
beforeEach(() => {
  world.lines.length = 0
})

const SOURCE = '203.0.113.7'
const call = async (name: string, body: object, parts: RequestParts = {}) => {
  const { body: answer, line } = await callIn(world, handlers[name] as HttpHandler, {
    headers: { ...world.authorization, 'ccmessaging-token': chatToken },
    body,
    sourceIp: SOURCE,
    ...parts,
  })
  return { answer, line: line as LogLine & { audit?: true } }
}
const question = (changes: object = {}) => ({ Token: token, ...USER, tenantSpaceId: TENANT, ...changes })
const { userId } = USER
const CALLER = { callerId: 'shop', tenantSpaceId: TENANT }
const TOKEN = { jti: expect.stringMatching(/^[\w-]{22}$/), kid: expect.stringMatching(/^[\w-]{43}$/) }

const DONE = [
  ['issue', { ...USER, tenantSpaceId: TENANT }, 'TOKEN_ISSUED', { ...CALLER, userId, ...TOKEN }],
  [
    'issueAccess',
    { ...USER, tenantSpaceId: TENANT, scopes: ['chat:relay'] },
    'ACCESS_TOKEN_ISSUED',
    { ...CALLER, userId, ...TOKEN },
  ],
  [
    'putUser',
    { ...USER, tenantSpaceId: TENANT, status: 'active' },
    'USER_WRITTEN',
    { ...CALLER, userId, userStatus: 'active' },
  ],
  [
    'batchUsers',
    { tenantSpaceId: TENANT, users: [{ ...USER, status: 'active' }, {}] },
    'USERS_WRITTEN',
    { ...CALLER, users: 2, usersFailed: 1 },
  ],
  ['queryUsers', { tenantSpaceId: TENANT, userIds: [userId] }, 'USERS_SHOWN', { ...CALLER, users: 1 }],
  ['listUsers', { tenantSpaceId: TENANT }, 'USERS_LISTED', { ...CALLER, users: 1 }],
  ['applyToken', GOOD_BODIES.applyToken, 'CHAT_TOKEN_ISSUED', { ...CALLER, userId }],
  ['chatCalls', FURTHER_BODIES.sendAsync, 'CHAT_CALL_RELAYED', { ...CALLER, userId }],
  ['uploadFileStream', GOOD_BODIES.uploadFileStream, 'FILE_UPLOADED', CALLER],
  ['downloadFileStream', GOOD_BODIES.downloadFileStream, 'FILE_DOWNLOADED', CALLER],
  ['liveMessageToken', GOOD_BODIES.liveMessageToken, 'LIVE_TOKEN_ISSUED', { ...CALLER, userId: 'tom.1' }],
  ['appCubeToken', GOOD_BODIES.appCubeToken, 'APP_CUBE_TOKEN_ISSUED', CALLER],
  ['oiapThirdPartyToken', GOOD_BODIES.oiapThirdPartyToken, 'OIAP_THIRD_PARTY_TOKEN_ISSUED', CALLER],
  [
    'issueAgent',
    { userAccount: AGENT, tenantSpaceId: TENANT },
    'AGENT_TOKEN_ISSUED',
    { ...CALLER, userId: AGENT, ...TOKEN },
  ],
  ['liveImToken', GOOD_BODIES.liveImToken, 'LIVE_IM_TOKEN_ISSUED', { ...CALLER, userId }],
  [
    'liveRtcToken',
    GOOD_BODIES.liveRtcToken,
    'LIVE_RTC_TOKEN_ISSUED',
    { ...CALLER, userId, channelId: 'room-1' },
  ],
  ['auiLiveToken', GOOD_BODIES.auiLiveToken, 'AUI_LIVE_TOKEN_ISSUED', { ...CALLER, userId }],
  [
    'auiRtcToken',
    GOOD_BODIES.auiRtcToken,
    'AUI_RTC_TOKEN_ISSUED',
    { ...CALLER, userId, channelId: 'room-1' },
  ],
] as const

describe('audit lines', () => {
  it.each(DONE)('say who did what for whom: %s', async (name, body, code, expected) => {
    const { line } = await call(name, body)
    expect(line).toMatchObject({ audit: true, code, sourceIp: SOURCE, ...expected })
  })

  it('are looked at for every route that knows its callers', () => {
    // what is revoked has a test of its own; a chat is no event of an audit
    const others = ['TOKENS_REVOKED', 'CHAT_RELAYED']
    const codes = DESCRIPTORS.filter(({ access }) => access !== 'public').map(({ success }) => success.code)
    expect([...DONE.map(([, , code]) => code), ...others].sort()).toEqual(codes.sort())
  })

  it('say who was let in, by the token’s own claims', async () => {
    const { line } = await call('validate', question())
    expect(line).toMatchObject({
      audit: true,
      code: 'TOKEN_VALID',
      sourceIp: SOURCE,
      tenantSpaceId: TENANT,
      userId,
      ...TOKEN,
    })
  })

  it('say whose token was refused once its signature holds, and nothing that the request claims before', async () => {
    const signed = await call('validate', question({ userId: 'eve' }))
    expect(signed.line).toMatchObject({ audit: true, code: 'TOKEN_USER_DIFFERS', userId, ...TOKEN })
    const unsigned = await call('validate', question({ Token: `${token.slice(0, -4)}AAAA`, userId: 'eve' }))
    expect(unsigned.line).toMatchObject({ audit: true, code: 'TOKEN_SIGNATURE_INVALID', sourceIp: SOURCE })
    expect(Object.keys(unsigned.line)).not.toEqual(expect.arrayContaining(['userId']))
  })

  it('say who was refused at the door, as far as that is known', async () => {
    const { line } = await call('issue', { ...USER, userName: 'Eve', tenantSpaceId: TENANT })
    expect(line).toMatchObject({ audit: true, code: 'USER_NAME_DIFFERS', ...CALLER, userId })
    const stranger = await call('issue', {}, { headers: {} })
    expect(stranger.line).toMatchObject({ audit: true, code: 'CALLER_MISSING', sourceIp: SOURCE })
  })

  it('say what was revoked', async () => {
    const { line } = await call('revoke', { tenantSpaceId: TENANT, jti: 'x'.repeat(22) })
    expect(line).toMatchObject({ audit: true, code: 'TOKENS_REVOKED', ...CALLER, jti: 'x'.repeat(22) })
  })

  it('say whose tokens were revoked where a user and an agent have the same id', async () => {
    const user = await call('revoke', { tenantSpaceId: TENANT, userId })
    expect(user.line).toMatchObject({ code: 'TOKENS_REVOKED', ...CALLER, userId, subjectKind: 'user' })
    const agent = await call('revoke', { tenantSpaceId: TENANT, userAccount: userId })
    expect(agent.line).toMatchObject({ code: 'TOKENS_REVOKED', ...CALLER, userId, subjectKind: 'agent' })
  })

  it.each([
    ['liveImToken', GOOD_BODIES.liveImToken],
    ['auiLiveToken', GOOD_BODIES.auiLiveToken],
  ])('tell an admin’s token from a user’s: %s', async (name, body) => {
    const admin = await call(name, { ...body, role: 'admin' })
    expect(admin.line).toMatchObject({ audit: true, status: 200, ...CALLER, userId, role: 'admin' })
    const user = await call(name, { ...body, role: '' })
    expect(user.line).toMatchObject({ audit: true, status: 200, ...CALLER, userId })
    expect(user.line).not.toHaveProperty('role')
  })

  it('name a channel that was made', async () => {
    const { line, answer } = await call('auiRtcToken', { user_id: userId })
    expect(line).toMatchObject({ code: 'AUI_RTC_TOKEN_ISSUED', channelId: answer.channel_id })
  })

  it('say which machine token was fetched', async () => {
    await world.clearTokens()
    await callIn(world, await world.fresh('appCubeToken'), {
      headers: world.authorization,
      body: GOOD_BODIES.appCubeToken,
    })
    const fetched = world.lines.filter(({ code }) => code === 'MACHINE_TOKEN_FETCHED')
    expect(fetched).toEqual([expect.objectContaining({ audit: true, system: 'oiap', tenantSpaceId: TENANT })])
  })

  it('leave the daily running unmarked', async () => {
    const { line } = await call('jwks', {}, { method: 'GET' })
    expect(line.code).toBe('JWKS_SERVED')
    expect(line).not.toHaveProperty('audit')
  })

  it('hold no address that is none, and no name, token or key', async () => {
    const { line } = await call('validate', question(), { sourceIp: '<script>' })
    expect(line).not.toHaveProperty('sourceIp')
    expect(JSON.stringify(world.lines)).not.toMatch(/Tom|eyJ|ctb_/)
  })
})
