/** Which part of all tenants' tokens one run of the schedule sees to, where several runs begin in the same minute. */

import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { ServiceSystem } from '../token-cache/service-token.ts'

/** More in a minute than any number of tenants needs. */
export const MOST_SHARES = 16

const Shares = z
  .looseObject({
    share: z._default(z.int('expected a whole number').check(z.gte(0, 'expected 0 or more')), 0),
    of: z._default(
      z
        .int('expected a whole number')
        .check(z.gte(1, 'expected 1 or more'), z.lte(MOST_SHARES, `expected at most ${MOST_SHARES}`)),
      1,
    ),
  })
  .check(z.refine(({ share, of }) => share < of, { path: ['share'], error: 'expected less than "of"' }))

/** The schedule's event. Whatever says nothing of shares is for all. */
export const Share = z.pipe(
  z.transform((event) => (typeof event === 'object' && event !== null ? event : {})),
  Shares,
)

export interface Share {
  /** From 0. */
  readonly share: number
  readonly of: number
}

export const ALL: Share = { share: 0, of: 1 }

export interface Shared {
  readonly system: ServiceSystem
  readonly tenantSpaceId: string
}

/** Whether a tenant's token of one system is in the share. Each is in one, and always in the same for the same number of shares. */
export const isIn = ({ share, of }: Share, { system, tenantSpaceId }: Shared): boolean =>
  of === 1 || createHash('sha256').update(`${system}/${tenantSpaceId}`).digest().readUInt32BE() % of === share
