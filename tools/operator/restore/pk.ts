/** What the keys of the directory's items say. */

/** The fields of a key, each behind its length; undefined for a key that is not made so. */
export const fieldsOf = (pk: string): readonly string[] | undefined => {
  const fields: string[] = []
  for (let at = 0; at < pk.length; ) {
    const [head, length = ''] = /^(\d{1,4}):/.exec(pk.slice(at, at + 5)) ?? []
    if (head === undefined) return undefined
    const begin = at + head.length
    at = begin + Number(length)
    if (at > pk.length) return undefined
    fields.push(pk.slice(begin, at))
  }
  return fields
}

/** Kinds of items whose second field is the tenant. */
const OF_TENANTS = new Set(['user', 'agent', 'tenant', 'revoked-token'])

export const tenantIn = (pk: string): string | undefined => {
  const [kind = '', tenantSpaceId] = fieldsOf(pk) ?? []
  return OF_TENANTS.has(kind) ? tenantSpaceId : undefined
}
