/** What a fresh local stage holds: a key ring, one caller, one tenant with one user. */

import { createHash } from 'node:crypto'
import { userItem } from '../lib/directory/items.ts'
import { firstKeyRing } from '../lib/enterprise-token/key-ring.ts'
import { SCOPES } from '../lib/schemas/callers.ts'
import { LOCAL_CALLER_KEY, LOCAL_SECRETS_PREFIX, LOCAL_TENANT, LOCAL_USER } from './constants.ts'

export const SIGNING_KEY_SECRET = `${LOCAL_SECRETS_PREFIX}/signing-key`
export const JWKS_SECRET = `${LOCAL_SECRETS_PREFIX}/jwks`
export const CALLERS_SECRET = `${LOCAL_SECRETS_PREFIX}/callers`

const YEAR_SECONDS = 365 * 24 * 3600

/** The seeded secrets by name. The keys are made anew on each start, so none can end up in a repository. */
export const seedSecrets = async (now: Date): Promise<Record<string, string>> => {
  const { signingKey, jwks } = await firstKeyRing(now)
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
  }
}

/** The items of the seeded directory. */
export const seedDirectory = () => [
  userItem({ tenantSpaceId: LOCAL_TENANT, ...LOCAL_USER, status: 'active', epoch: 0 }),
]
