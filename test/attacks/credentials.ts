/** One good credential of every kind beside the caller keys, as its owner gets it. */

import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import { GOOD_BODIES, newChatToken, type VendorWorld } from '../support/vendor-world.ts'
import { call, TENANT } from '../support/world.ts'

export interface Credentials {
  /** Always the same one: its twin succeeds again and again. */
  readonly enterpriseToken: string
  readonly chatToken: string
  readonly appCubeToken: string
  readonly liveAccessToken: string
  readonly liveRefreshToken: string
  readonly cecAccessToken: string
}

export const credentialsOf = async (
  world: VendorWorld,
  { appCubeToken, liveMessageToken }: Readonly<Record<'appCubeToken' | 'liveMessageToken', HttpHandler>>,
  enterpriseToken: string,
): Promise<Credentials> => {
  const headers = world.authorization
  const appCube = await call(world, appCubeToken, { headers, body: GOOD_BODIES.appCubeToken })
  const live = await call(world, liveMessageToken, { headers, body: GOOD_BODIES.liveMessageToken })
  return {
    enterpriseToken,
    chatToken: await newChatToken(world),
    appCubeToken: appCube.body.authToken,
    liveAccessToken: live.body.Result.AccessToken,
    liveRefreshToken: live.body.Result.RefreshToken,
    cecAccessToken: await cecAccessToken(world),
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
