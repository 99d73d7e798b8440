/** The secret canary: every secret that a test makes is registered here and looked for, in every spelling, in what comes out. */

/** Shorter ones would be found by chance. */
const SHORTEST = 12

interface Watched {
  readonly name: string
  /** Made once: thousands of lines are searched for them. */
  readonly forms: readonly (readonly [spelling: string, forms: readonly string[]])[]
}

const secrets = new Map<string, Watched>()

/** Remembers a secret value under a name that may be printed. Returns the value. */
export const secret = (name: string, value: string): string => {
  if (value.length < SHORTEST) throw new TypeError(`canary ${name}: expected at least ${SHORTEST} characters`)
  const forms = Object.entries(spellings(value)).map(
    ([spelling, texts]) => [spelling, texts.map((text) => text.toLowerCase())] as const,
  )
  secrets.set(value, { name, forms })
  return value
}

/** Names and spellings of the registered secrets that `text` holds; empty when it is clean. */
export const leaksIn = (text: string): string[] => {
  const haystack = text.toLowerCase()
  return [...secrets.values()].flatMap(({ name, forms }) =>
    forms
      .filter(([, texts]) => texts.some((form) => haystack.includes(form)))
      .map(([spelling]) => `${name} (${spelling})`),
  )
}

/** Throws when any of the texts holds a secret. `where` says which output it was. */
export const expectClean = (where: string, ...texts: readonly string[]): void => {
  const leaks = texts.flatMap(leaksIn)
  if (leaks.length > 0) throw new Error(`secret in ${where}: ${[...new Set(leaks)].join(', ')}`)
}

const spellings = (value: string): Record<string, string[]> => ({
  raw: [value],
  base64: shifted(value, 'base64'),
  base64url: shifted(value, 'base64url'),
  hex: [Buffer.from(value).toString('hex')],
  'URL-encoded': [encodeURIComponent(value), everyByteEncoded(value)],
  JSON: [JSON.stringify(value).slice(1, -1)],
})

/** Within a longer text, a value may begin at any of three places of a base64 group; its edges then depend on the rest. */
const shifted = (value: string, encoding: 'base64' | 'base64url'): string[] =>
  [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString(encoding)
    const firstWhole = offset === 0 ? 0 : 4
    return text.replace(/=+$/, '').slice(firstWhole, -2)
  })

const everyByteEncoded = (value: string): string =>
  [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
