/** Vendors repeat what they were told: an answer that holds one of a tenant's secrets goes nowhere. */

import { unescaped } from '../json-text.ts'

/** Shorter ones would be found by chance, in any answer. */
const SHORTEST = 8

/**
 * Whether an answer, or a part of one, holds one of the secrets: raw, URL-encoded, or as base64 of a longer text.
 * Looks at the text rather than at what JSON.parse makes of it, which hides the first of two members of one name: as
 * it is, without the escapes of JSON, and without those of a JSON text within a string. An object is looked at as JSON.
 */
export const holdsSecret = (answer: string | object, secrets: readonly (string | undefined)[]): boolean => {
  const forms = secrets.filter((secret) => secret !== undefined && secret.length >= SHORTEST).flatMap(formsOf)
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const once = unescaped(text)
  // An answer that holds a file is long, and seldom holds an escape: it is then looked at once.
  const seenAs = once === text ? [text] : [text, once, unescaped(once)]
  return seenAs.some((seen) => forms.some((form) => seen.includes(form)))
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
