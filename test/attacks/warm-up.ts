/** Every sandbox has its secrets, machine tokens and providers' keys, and has spent what may be asked again once in a while. */

import { mint } from '../support/mint.ts'
import { call } from '../support/world.ts'
import { withBearer } from './attack.ts'
import { oidcClaims, TOKEN_KINDS } from './kinds.ts'
import { BOUND, KEYED, PAGED, type RouteName, routeOf } from './routes.ts'
import type { AttackWorld } from './world.ts'

export const warmUp = async (world: AttackWorld): Promise<void> => {
  const { vendors, handlers, keys, credentials } = world
  const good = (name: RouteName) => routeOf(name).good(world)
  for (const name of Object.keys(handlers) as RouteName[]) await call(vendors, handlers[name], good(name))
  const unknown = { body: { ...(good('validate').body as object), Token: `e30.e30.${'A'.repeat(86)}` } }
  for (const name of ['validate', 'listedValidate'] as const) await call(vendors, handlers[name], unknown)
  const unknownAgent = {
    body: { ...(good('validateAgent').body as object), access_token: `e30.e30.${'A'.repeat(86)}` },
  }
  await call(vendors, handlers.validateAgent, unknownAgent)
  for (const key of [vendors.callerKey, keys.rival]) {
    const headers = { authorization: `Bearer ${key}`, 'ccmessaging-token': 'dead' }
    for (const name of ['send', 'sendAsync', 'uploadFileStream', 'downloadFileStream'] as const)
      await call(vendors, handlers[name], { ...good(name), headers })
  }
  for (const name of BOUND) {
    await call(vendors, handlers[name], withBearer(good(name), keys.rival))
  }
  // Unknown headers make a sandbox ask for the ring once more, and unknown key ids for a provider's keys.
  for (const name of PAGED) {
    await call(vendors, handlers[name], withBearer(good(name), credentials.enterpriseToken))
  }
  const { rival } = world.providers
  const ofRival = mint(TOKEN_KINDS.oidc.header(rival.kid), oidcClaims(rival.issuer), rival.key)
  for (const name of KEYED) {
    for (const token of [credentials.oidcUser, ofRival]) {
      await call(vendors, handlers[name], withBearer(good(name), token))
    }
  }
}
