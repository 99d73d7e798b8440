/** Entries of the callers secret beside one another: what two of them may not both say, and what is doubtful. */

import { isPrefixed } from './caller-entry.ts'
import type { Issuer } from './issuers.ts'
import type { Remark } from './remarks.ts'

interface Keys {
  readonly callerId: string
  readonly keys: readonly { readonly sha256: string }[]
}

export type Entry = Keys | Issuer

type Fault = Pick<Remark, 'field' | 'expected'>

/** Why an entry cannot stand behind the earlier ones. The earlier one stays: whoever calls with it notices nothing. */
export const clashOf = (entry: Entry, earlier: readonly Entry[]): Fault | undefined => {
  if (earlier.some(({ callerId }) => callerId === entry.callerId))
    return { field: 'callerId', expected: 'expected a callerId that no entry before has' }
  return 'keys' in entry ? keyClash(entry, earlier) : issuerClash(entry, earlier.filter(isIssuer))
}

const isIssuer = (entry: Entry): entry is Issuer => 'issuer' in entry

const keyClash = ({ keys }: Keys, earlier: readonly Entry[]): Fault | undefined => {
  const at = keys.findIndex(
    ({ sha256 }, position) =>
      keys.slice(0, position).some((key) => key.sha256 === sha256) ||
      earlier.some((one) => 'keys' in one && one.keys.some((key) => key.sha256 === sha256)),
  )
  return at === -1
    ? undefined
    : { field: `keys.${at}.sha256`, expected: 'expected a key that is listed nowhere before' }
}

const issuerClash = (entry: Issuer, earlier: readonly Issuer[]): Fault | undefined => {
  const others = earlier.filter(({ issuer }) => issuer === entry.issuer)
  if (others.some(({ audience, kind }) => audience === entry.audience && kind === entry.kind))
    return {
      field: 'audience',
      expected: 'expected an audience that no entry of this issuer and kind before has',
    }
  if (others.some(({ jwksUri }) => jwksUri !== entry.jwksUri))
    return { field: 'jwksUri', expected: 'expected the same jwksUri in every entry of an issuer' }
  // An ID token has a client as its audience: under "jwt" it could pass for an access token.
  const all = [...others, entry]
  const clients = all.flatMap(({ clientIds = [] }) => clientIds)
  const isClient = all.some(({ tokens, audience = '' }) => tokens === 'jwt' && clients.includes(audience))
  return isClient
    ? {
        field: 'audience',
        expected: 'expected with tokens "jwt" an audience that is no client id in any entry of the issuer',
      }
    : undefined
}

/** A `sub` is unique within its issuer only: of two providers, two persons could be one user of a tenant. */
export const sharedIds = (
  issuers: readonly Issuer[],
  pathOf: (entry: Issuer) => string,
): readonly Remark[] => {
  const asIs = issuers.filter((entry) => entry.kind === 'user' && entry.userIdForm === 'as-is')
  const isShared = (entry: Issuer, other: Issuer): boolean =>
    other.issuer !== entry.issuer && (haveTenantsOf(entry, other) || haveTenantsOf(other, entry))
  return asIs
    .filter((entry, at) => asIs.slice(0, at).some((other) => isShared(entry, other)))
    .map((entry) => ({
      level: 'WARN',
      code: 'USER_IDS_SHARED',
      field: `${pathOf(entry)}.userIdForm`,
      expected:
        'expected "sha256-24" where two issuers have users of one tenant: a sub is unique per issuer only',
    }))
}

/** Whether an entry can have a tenant that another one lists, or behind a prefix that another one names. */
const haveTenantsOf = (entry: Issuer, other: Issuer): boolean =>
  [...tenantsOf(other), ...(other.tenantPrefixes ?? [])].some(
    (tenant) => tenantsOf(entry).includes(tenant) || isPrefixed(entry.tenantPrefixes ?? [], tenant),
  )

const tenantsOf = ({ tenant, tenants = {} }: Issuer): readonly string[] =>
  tenant === undefined ? Object.values(tenants) : [tenant]
