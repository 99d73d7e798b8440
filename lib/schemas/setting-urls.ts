/** Addresses in secrets. Judged as they are written: URL parsing drops some characters without a word. */

import { invisibleIn, judgedText } from './setting-types.ts'

const EXPECTED = 'expected an https URL such as "https://host.example"'

/** A host with `%` would be decoded, and a backslash be taken for a slash. */
const FORM = /^https?:\/\/([^/?#]*@)?[^\s\\/?#@%,;*"'()]+([/?#][^\s\\]*)?$/i

const UNWANTED: readonly (readonly [part: string, where: RegExp])[] = [
  ['a user before "@"', /^[^/]*\/\/[^/?#]*@/],
  ['a query from "?" on', /^[^#]*\?/],
  ['a fragment from "#" on', /#/],
]

/**
 * An absolute URL without user, query, fragment, blanks and invisible characters. `faultOf` adds a rule.
 * Whether plain http is allowed is the outbound module's to say: a laptop's emulators have no certificates.
 */
export const address = (most: number, faultOf: (url: string) => string | undefined = () => undefined) =>
  judgedText(
    EXPECTED,
    (url) => {
      if (url.length > most) return `expected at most ${most} characters`
      if (!FORM.test(url) || !URL.canParse(url)) return EXPECTED
      const hidden = invisibleIn(decoded(url))
      if (hidden !== undefined) return hidden
      const [part] = UNWANTED.find(([, where]) => where.test(url)) ?? []
      return part === undefined ? faultOf(url) : `expected an https URL without ${part}`
    },
    { maxLength: most, pattern: '^[Hh][Tt]{2}[Pp][Ss]?://[^?#@]+$' },
  )

/** Browsers encode what nobody sees when an address is copied from their bar. */
const decoded = (url: string): string => {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/** An address whose calls all go to `/`: a path would be lost. */
export const addressWithoutPath = (most: number) =>
  address(most, (url) =>
    /^https?:\/\/[^/]+\/?$/i.test(url) ? undefined : 'expected an https URL without a path behind the host',
  )
