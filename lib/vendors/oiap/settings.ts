/** A tenant's settings for one of OIAP's calls: the secret `<prefix>/tenants/<tenantSpaceId>/oiap` or `…/oiap-third-party`. */

import type * as z from 'zod/mini'
import { members } from '../../schemas/pasted.ts'
import { address } from '../../schemas/setting-urls.ts'
import { keyOrSecret, serviceToken, tls } from '../setting-members.ts'

/** The last segments of the address that a call has, and of the address that the other one has. */
export interface Interface {
  readonly own: string
  readonly other: string
}

export const APP_CUBE: Interface = { own: 'getAppCubeToken', other: 'gettoken' }
export const THIRD_PARTY: Interface = { own: APP_CUBE.other, other: APP_CUBE.own }

/** The other call's address is refused: there this password is a wrong one, and counts towards the other password's lock. */
export const oiapSettings = ({ own, other }: Interface) =>
  members({
    url: address(500, (url) =>
      url.replace(/\/+$/, '').toLowerCase().endsWith(`/${other.toLowerCase()}`)
        ? `expected the address of ${own}, and not of ${other}, which has another password`
        : undefined,
    ),
    appKey: keyOrSecret,
    appSecret: keyOrSecret,
    ...tls,
    ...serviceToken,
  })

export type OiapSettings = z.infer<ReturnType<typeof oiapSettings>>
