/** A limit is counted for the user: nothing else that a request may say makes more calls of it. The vendor is not asked. */

import { mint } from '../support/mint.ts'
import { type Attack, onEach, withBearer, withBody, withHeaders } from './attack.ts'
import { oidcClaims, TOKEN_KINDS } from './kinds.ts'
import { OTHER_TENANT } from './world.ts'

/** The other tenant's user has made its one call of this minute. */
const again =
  (changes: object, headers: Record<string, string> = {}): Attack['spoil'] =>
  (good, { keys }) =>
    withHeaders(withBearer(withBody(good, changes), keys.rival), headers)

export const limits: readonly Attack[] = onEach(
  'limits',
  ['liveMessageToken'],
  [
    ['once more', 'RATE_EXCEEDED', again({})],
    ['another device', 'RATE_EXCEEDED', again({ DeviceId: 'device-2' })],
    ['another type of device', 'RATE_EXCEEDED', again({ DeviceType: 'ios' })],
    ['the AppId named', 'RATE_EXCEEDED', again({ AppId: `live-${OTHER_TENANT}` })],
    ['the tenant named', 'RATE_EXCEEDED', again({}, { 'x-tenant-space-id': OTHER_TENANT })],
    [
      'another address',
      'RATE_EXCEEDED',
      (good, { keys }) => ({ ...withBearer(good, keys.rival), sourceIp: '198.51.100.9' }),
    ],
    ['a forwarded address', 'RATE_EXCEEDED', again({}, { 'x-forwarded-for': '198.51.100.9' })],
    [
      'another caller for the same tenant',
      'RATE_EXCEEDED',
      (good, { keys }) => withHeaders(withBearer(good, keys.agency), { 'x-tenant-space-id': OTHER_TENANT }),
    ],
    [
      'a credential of its own',
      'RATE_EXCEEDED',
      (good, { providers: { rival } }) =>
        withBearer(good, mint(TOKEN_KINDS.oidc.header(rival.kid), oidcClaims(rival.issuer), rival.key)),
    ],
  ],
)
