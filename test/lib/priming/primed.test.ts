import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

describe('x', () => {
  it('y', async () => {
    const { prime } = await import('../../../lib/priming/primed.ts')
    const { byPageAndBackEnd, byBackEnd, enterpriseTokenOfNobody } = await import('../../../lib/priming/requests.ts')
    const { NOBODY, NOWHERE } = await import('../../../lib/priming/throw-away.ts')
    const R = await import('../../../lib/routes.ts')
    const { validateEnterpriseToken } = await import('../../../functions/validate-enterprise-token.ts')
    const { issueEnterpriseToken } = await import('../../../functions/issue-enterprise-token.ts')
    const { applyToken } = await import('../../../functions/apply-token.ts')
    const { appCubeToken } = await import('../../../functions/app-cube-token.ts')
    const { liveMessageToken } = await import('../../../functions/live-message-token.ts')
    const { chatRelay } = await import('../../../functions/chat-relay.ts')
    const H = { 'ccmessaging-token': NOWHERE }
    for (const [make, req] of [
      [validateEnterpriseToken, enterpriseTokenOfNobody(R.VALIDATE_ENTERPRISE_TOKEN)],
      [issueEnterpriseToken, byBackEnd(R.ISSUE_ENTERPRISE_TOKEN, { body: { userId: NOBODY, userName: NOBODY, tenantSpaceId: NOWHERE } })],
      [applyToken, byPageAndBackEnd(R.APPLY_TOKEN, { body: { userId: NOBODY, userName: NOBODY, channelId: NOWHERE } })],
      [appCubeToken, byBackEnd(R.APP_CUBE_TOKEN, { body: { appKey: NOWHERE } })],
      [liveMessageToken, byPageAndBackEnd(R.LIVE_MESSAGE_TOKEN, { body: { UserId: NOBODY, DeviceId: NOBODY, DeviceType: 'web' } })],
      [chatRelay, byPageAndBackEnd(R.RELAY_CHAT, { body: { from: NOBODY, controlType: 'CONNECT' }, headers: H }, { method: 'GET', query: { receiverId: NOBODY }, headers: H })],
    ] as any) {
      console.log(make.name, JSON.stringify((await prime(make, req, world.runtime())).map((r:any) => [r.statusCode, r.body])))
    }
    expect(1).toBe(1)
  })
})
