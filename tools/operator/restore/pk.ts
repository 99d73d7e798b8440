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

/** Every kind of item that the directory has, how many fields its key may have, and whether the second one is the tenant. */
const KINDS: Readonly<Record<string, { readonly fields: readonly number[]; readonly isOfTenant: boolean }>> =
  {
    user: { fields: [3], isOfTenant: true },
    agent: { fields: [3], isOfTenant: true },
    tenant: { fields: [2], isOfTenant: true },
    'revoked-token': { fields: [3], isOfTenant: true },
    // With the number of its copy, but for the first one.
    'revoked-key': { fields: [2, 3], isOfTenant: false },
  }

const kindIn = (fields: readonly string[]) => {
  const [kind = ''] = fields
  return Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
}

/** Whether the directory may have an item of this key. Another table may have keys of another name, and so none of this. */
export const isOfDirectory = (pk: unknown): boolean => {
  const fields = typeof pk === 'string' ? (fieldsOf(pk) ?? []) : []
  return kindIn(fields)?.fields.includes(fields.length) === true
}

export const tenantIn = (pk: string): string | undefined => {
  const fields = fieldsOf(pk) ?? []
  return kindIn(fields)?.isOfTenant ? fields[1] : undefined
}
