/** Claims by the names that an entry configures, and what they are taken for. Nothing but a claim's own value counts. */

/** No claim is called `__proto__`: what every object has is not looked at. */
const own = (from: object, name: string): unknown =>
  Object.hasOwn(from, name) ? (from as Record<string, unknown>)[name] : undefined

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The claim of that very name, dots and all (`https://example.com/name`), or else the one that the name leads to inside
 * objects (`ext.name`). Undefined where there is none.
 */
export const claimAt = (claims: object, path: string): unknown => {
  const found = own(claims, path)
  if (found !== undefined) return found
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const inner = own(claims, path.slice(0, dot))
    const deeper = isObject(inner) ? claimAt(inner, path.slice(dot + 1)) : undefined
    if (deeper !== undefined) return deeper
  }
  return undefined
}

/** A text, a whole number as its digits, or the only one of a list. A number too large to be exact is none: two would be one. */
export const textOf = (value: unknown): string | undefined => {
  if (Array.isArray(value))
    return value.length === 1 && !Array.isArray(value[0]) ? textOf(value[0]) : undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined
  return typeof value === 'string' ? value : undefined
}

/** The same for a tenant, which may also be the name of an organisation object's only member: `{"acme":{"id":…}}`. */
export const tenantNameOf = (value: unknown): string | undefined => {
  if (!isObject(value)) return textOf(value)
  const [[name, inner] = [], ...others] = Object.entries(value)
  return others.length === 0 && isObject(inner) ? name : undefined
}

/** RFC 8693, section 4.2: words with blanks between them. Some providers write a list instead. */
const WORDS: readonly string[] = ['scope', 'scp']

/** The texts that a claim holds: one, those of a list, or words. `true` and `false` are texts here. */
export const textsOf = (claims: object, path: string): readonly string[] => {
  const value = claimAt(claims, path)
  const texts = (Array.isArray(value) ? value : [value]).flatMap((one) =>
    typeof one === 'boolean' ? String(one) : (textOf(one) ?? []),
  )
  return WORDS.includes(path) ? texts.flatMap((text) => text.split(' ')) : texts
}

/** Whether a claim says something: there, and neither false nor empty, blank, or a list of nothing else. */
export const isSaid = (claims: object, path: string): boolean => saysSomething(claimAt(claims, path))

const saysSomething = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(saysSomething)
  if (isObject(value)) return Object.keys(value).length > 0
  const text = typeof value === 'string' ? value.trim() : value
  return text !== undefined && text !== null && text !== false && text !== 'false' && text !== ''
}
