/** Another tenant's caller, token, appKey and AppId. Both tenants are real, and know a user of the same id and name. */

import { claims, header, mint } from '../support/mint.ts'
import { question } from '../support/refusals.ts'
import { TENANT } from '../support/world.ts'
import { type Attack, onEach, withBody, withHeaders } from './attack.ts'
import { BOUND, NAMING, OIAP } from './routes.ts'
import { OTHER_TENANT } from './world.ts'

const THEME = 'other tenants'

const callersOfOthers: readonly Attack[] = [
  ...onEach(THEME, NAMING, [
    [
      "another tenant's caller",
      'TENANT_FORBIDDEN',
      (good, { keys }) => withHeaders(good, { authorization: `Bearer ${keys.rival}` }),
    ],
  ]),
  ...onEach(THEME, BOUND, [
    [
      "another tenant's caller that names this one",
      'TENANT_FORBIDDEN',
      (good, { keys }) =>
        withHeaders(good, { authorization: `Bearer ${keys.rival}`, 'x-tenant-space-id': TENANT }),
    ],
    [
      "another tenant's caller that names both",
      'TENANT_FORBIDDEN',
      (good, { keys }) =>
        withHeaders(good, {
          authorization: `Bearer ${keys.rival}`,
          'x-tenant-space-id': `${OTHER_TENANT},${TENANT}`,
        }),
    ],
    [
      'X-Tenant-Space-Id twice, this tenant last',
      'TENANT_FORBIDDEN',
      (good) => withHeaders(good, { 'x-tenant-space-id': OTHER_TENANT, 'X-Tenant-Space-Id': TENANT }),
    ],
    [
      'a caller of two tenants that names none',
      'TENANT_UNNAMED',
      (good, { keys }) => withHeaders(good, { authorization: `Bearer ${keys.agency}` }),
    ],
  ]),
]

const viaRival =
  (changes: object = {}): Attack['spoil'] =>
  (good, { keys }) => ({
    ...withBody(good, changes),
    headers: { ...good.headers, authorization: `Bearer ${keys.rival}` },
  })

/** The vendor is asked only where nobody but the vendor can know. */
const accounts: readonly Attack[] = [
  ...onEach(THEME, OIAP, [
    [
      "another tenant's appKey",
      'TENANT_FORBIDDEN',
      (good) => withBody(good, { appKey: `oiap-${OTHER_TENANT}` }),
    ],
    ["this tenant's appKey by another tenant's caller", 'TENANT_FORBIDDEN', viaRival()],
    ['an appKey in other case', 'TENANT_FORBIDDEN', (good) => withBody(good, { appKey: `OIAP-${TENANT}` })],
    [
      'an appKey with a blank behind',
      'TENANT_FORBIDDEN',
      (good) => withBody(good, { appKey: `oiap-${TENANT} ` }),
    ],
    ['__proto__ as appKey', 'TENANT_FORBIDDEN', (good) => withBody(good, { appKey: '__proto__' })],
  ]),
  ...onEach(
    THEME,
    ['liveMessageToken'],
    [
      [
        "another tenant's AppId",
        'TENANT_FORBIDDEN',
        (good) => withBody(good, { AppId: `live-${OTHER_TENANT}` }),
      ],
      [
        "this tenant's AppId by another tenant's caller",
        'TENANT_FORBIDDEN',
        viaRival({ AppId: `live-${TENANT}` }),
      ],
      [
        'an AppId with a second one in it',
        'TENANT_FORBIDDEN',
        (good) => withBody(good, { AppId: `live-${TENANT}&AppId=live-${OTHER_TENANT}` }),
      ],
      ['an empty AppId', 'TENANT_FORBIDDEN', (good) => withBody(good, { AppId: '' })],
    ],
  ),
]

const chats: readonly Attack[] = (['send', 'poll'] as const).map((route) => ({
  theme: THEME,
  attack: "this tenant's chat token by another tenant's caller",
  route,
  code: 'CHAT_TOKEN_REFUSED',
  calls: { cec: 1 },
  spoil: (good, { keys }) => withHeaders(good, { authorization: `Bearer ${keys.rival}` }),
}))

/** The user is known to both tenants under the same id and name. */
const tokenOfOther: Attack = {
  theme: THEME,
  attack: "another tenant's token",
  route: 'validate',
  code: 'TOKEN_TENANT_DIFFERS',
  twin: ({ tokens: { kid, trueKey } }) => ({
    body: question(mint(header(kid), claims({ aud: `urn:cec:${OTHER_TENANT}` }), trueKey), {
      tenantSpaceId: OTHER_TENANT,
    }),
  }),
  spoil: (good) => withBody(good, { tenantSpaceId: TENANT }),
}

export const otherTenants: readonly Attack[] = [...callersOfOthers, ...accounts, ...chats, tokenOfOther]
