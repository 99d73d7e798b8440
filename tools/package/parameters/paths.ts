/** The path of the validate route: `validatePath`. */

const EXPECTED = 'expected a path that begins with "/", of letters, digits and ._~-'

export const LONGEST_PATH = 200

/** What is wrong with the path. `taken` are the paths of the other routes. */
export const pathFault =
  (taken: readonly string[]) =>
  (path: string): string | undefined => {
    if (/[{}]/.test(path)) return 'expected a path without a variable in braces'
    if (/[?#]/.test(path)) return 'expected a path without a query or fragment'
    if (/^https?:/i.test(path)) return 'expected a path alone, without the host'
    if (!/^\/[\w.~/-]*$/.test(path) || path.length > LONGEST_PATH) return EXPECTED
    const segments = path.slice(1).split('/')
    if (segments.includes('')) return 'expected a name behind every "/"'
    if (segments.some((segment) => /^\.+$/.test(segment))) return 'expected no segment of dots alone'
    return taken.includes(path) ? 'expected a path that no other route has' : undefined
  }

/** The same as a pattern of CloudFormation's. The length is a rule of its own there. */
export const pathPattern = (taken: readonly string[]): string =>
  `(?!(?:${taken.map(literally).join('|')})$)(?:/(?!\\.+(?:/|$))[\\w.~-]+)+`

const literally = (path: string): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
