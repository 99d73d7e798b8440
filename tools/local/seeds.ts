/** What a fresh local stage holds: a key ring, one caller, one tenant with two users and an account with each vendor. */

import { createHash, randomInt } from 'node:crypto'
import { userItem } from '../../lib/directory/items.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { firstKeyRing } from '../../lib/signing-keys/key-ring.ts'
import { systemNames } from '../../lib/vendors/registry.ts'
import {
  CALLERS_SECRET,
  JWKS_SECRET,
  LOCAL_CALLER_KEY,
  LOCAL_OTHER_USER,
  LOCAL_TENANT,
  LOCAL_USER,
  LOG_KEY_SECRET,
  SIGNING_KEY_SECRET,
  TOKEN_STORE_KEY_SECRET,
  tenantSecret,
} from './constants.ts'
import type { TenantSecrets } from './upstreams/upstreams.ts'

/** The ring counts as published a day ago, so that a rotation can be tried at once. */
const DAY_SECONDS = 24 * 3600
const YEAR_SECONDS = 365 * DAY_SECONDS

/** The seeded secrets by name. The keys are made anew on each start, so none can end up in a repository. */
export const seedSecrets = async (now: Date, ofVendors: TenantSecrets): Promise<Record<string, string>> => {
  const { signingKey, jwks } = await firstKeyRing(new Date(now.getTime() - DAY_SECONDS * 1000))
  const callers = {
    callers: [
      {
        callerId: 'local-development',
        keys: [
          {
            sha256: createHash('sha256').update(LOCAL_CALLER_KEY).digest('hex'),
            expiresAt: Math.floor(now.getTime() / 1000) + YEAR_SECONDS,
          },
        ],
        tenants: [LOCAL_TENANT],
        scopes: SCOPES,
      },
    ],
    issuers: [],
  }
  return {
    [SIGNING_KEY_SECRET]: JSON.stringify(signingKey),
    [JWKS_SECRET]: JSON.stringify(jwks),
    [CALLERS_SECRET]: JSON.stringify(callers),
    [LOG_KEY_SECRET]: JSON.stringify({ key: newTokenStoreKey() }),
    [TOKEN_STORE_KEY_SECRET]: JSON.stringify({ key: newTokenStoreKey() }),
    ...Object.fromEntries(
      systemNames().map((system) => [tenantSecret(system), JSON.stringify(ofVendors[system])]),
    ),
  }
}

/** Where a stage's routes are. */
export interface Addresses {
  readonly url: string
  readonly validateUrl: string
}

/** The prober's secret: it calls as everybody does here. Without an AppCube key the tenant has no account with OIAP. */
export const proberSecret = (addresses: Addresses, appKey: string): string =>
  JSON.stringify({
    ...addresses,
    callerKey: LOCAL_CALLER_KEY,
    tenantSpaceId: LOCAL_TENANT,
    ...LOCAL_USER,
    ...(appKey === '' ? {} : { appCube: { callerKey: LOCAL_CALLER_KEY, appKey } }),
  })

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 64 letters and digits by chance, as serverless.yml has Secrets Manager make them. */
export const newTokenStoreKey = (): string =>
  Array.from({ length: 64 }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]).join('')

/** The items of the seeded directory. */
export const seedDirectory = () =>
  [LOCAL_USER, LOCAL_OTHER_USER].map((user) =>
    userItem({ tenantSpaceId: LOCAL_TENANT, ...user, status: 'active', epoch: 0 }),
  )
