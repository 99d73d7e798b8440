/** One good credential of every kind beside the caller keys, as its owner gets it. */

import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import { AGENT } from '../support/refusals.ts'
import { GOOD_BODIES, newChatToken, type VendorWorld } from '../support/vendor-world.ts'
import { call, TENANT, USER } from '../support/world.ts'
import type { Providers } from './providers.ts'

export interface Credentials {
  /** Always the same one: its twin succeeds again and again. */
  readonly enterpriseToken: string
  /** Of an agent, likewise always the same. */
  readonly agentToken: string
  readonly chatToken: string
  readonly appCubeToken: string
  readonly oiapThirdPartyToken: string
  readonly liveAccessToken: string
  readonly liveRefreshToken: string
  readonly cecAccessToken: string
  /** Of this system, for a page. */
  readonly accessToken: string
  readonly oidcUser: string
  readonly oidcBackEnd: string
  readonly idToken: string
}

export const credentialsOf = async (
  world: VendorWorld,
  handlers: Readonly<
    Record<
      'accessToken' | 'agentToken' | 'appCubeToken' | 'oiapThirdPartyToken' | 'liveMessageToken',
      HttpHandler
    >
  >,
  { main }: Providers,
  enterpriseToken: string,
): Promise<Credentials> => {
  const headers = world.authorization
  const appCube = await call(world, handlers.appCubeToken, { headers, body: GOOD_BODIES.appCubeToken })
  const thirdParty = await call(world, handlers.oiapThirdPartyToken, {
    headers,
    body: GOOD_BODIES.oiapThirdPartyToken,
  })
  const live = await call(world, handlers.liveMessageToken, { headers, body: GOOD_BODIES.liveMessageToken })
  const scopes = ['chat-token:issue', 'chat:relay', 'live-token:issue', 'rtc-token:issue']
  const rtcChannelIds = [GOOD_BODIES.liveRtcToken.ChannelID]
  const access = await call(world, handlers.accessToken, {
    headers,
    body: { ...USER, tenantSpaceId: TENANT, scopes, rtcChannelIds },
  })
  const agent = await call(world, handlers.agentToken, {
    headers,
    body: { userAccount: AGENT, tenantSpaceId: TENANT },
  })
  const signedIn = await main.signIn(USER.userId, { name: USER.userName })
  return {
    enterpriseToken,
    agentToken: secret('agent token', agent.body.token),
    chatToken: await newChatToken(world),
    appCubeToken: appCube.body.authToken,
    oiapThirdPartyToken: thirdParty.body.authToken,
    liveAccessToken: live.body.Result.AccessToken,
    liveRefreshToken: live.body.Result.RefreshToken,
    cecAccessToken: await cecAccessToken(world),
    accessToken: secret('access token', access.body.accessToken),
    oidcUser: signedIn.accessToken,
    oidcBackEnd: await main.backEndToken(),
    idToken: signedIn.idToken,
  }
}

/** No route hands it out: this is what somebody has who got hold of the tenant's app key and secret. */
const cecAccessToken = async ({ vendors }: VendorWorld): Promise<string> => {
  const { tokenUrl, appKey, appSecret } = vendors.tenantSecrets(TENANT).cec
  const reply = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-token-expire': '3600' },
    body: JSON.stringify({ app_key: appKey, app_secret: appSecret }),
  })
  const { AccessToken } = (await reply.json()) as { AccessToken: string }
  return secret('CEC AccessToken', AccessToken)
}
