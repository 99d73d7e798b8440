/** Vendors repeat what they were told: an answer that holds one of a tenant's secrets goes nowhere. */

/** Shorter ones would be found by chance, in any answer. */
const SHORTEST = 8

/**
 * Whether any string or member name within a parsed answer holds one of the secrets: raw, URL-encoded, or as base64
 * of a longer text. Looks at what JSON.parse gives, so that escapes hide nothing.
 */
export const holdsSecret = (answer: unknown, secrets: readonly (string | undefined)[]): boolean => {
  const forms = secrets.filter((secret) => secret !== undefined && secret.length >= SHORTEST).flatMap(formsOf)
  return textsIn(answer).some((text) => forms.some((form) => text.includes(form)))
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => [name, ...textsIn(item)])
}

const formsOf = (secret: string | undefined = ''): string[] => [
  secret,
  encodeURIComponent(secret),
  // Within a longer text a secret may begin at any of three places of a base64 group; its edges then depend on the rest.
  ...[0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
    return (['base64', 'base64url'] as const).map((encoding) =>
      bytes
        .toString(encoding)
        .replace(/=+$/, '')
        .slice(offset === 0 ? 0 : 4, -2),
    )
  }),
]
