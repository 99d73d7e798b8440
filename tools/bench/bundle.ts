/** What fills a bundle: its bytes by the package that each was made of, as the source map beside it says. */

import { SourceMap } from 'node:module'

type Payload = ConstructorParameters<typeof SourceMap>[0]

export interface Part {
  /** A package's name; the project's own code is `own code`. */
  readonly name: string
  readonly bytes: number
}

const OWN = 'own code'

/** The largest part first. What no source stands behind, such as the bundler's own lines, counts as the part before it. */
export const partsOf = (code: string, map: Payload): readonly Part[] => {
  const entries = new SourceMap(map)
  const bytes = new Map<string, number>()
  let name = OWN
  for (const [line, text] of code.split('\n').entries()) {
    for (let column = 0; column < text.length; column++) {
      const entry = entries.findEntry(line, column)
      if ('originalSource' in entry && entry.originalSource) name = packageOf(entry.originalSource)
      bytes.set(name, (bytes.get(name) ?? 0) + Buffer.byteLength(text.charAt(column)))
    }
  }
  return [...bytes].map(([part, sum]) => ({ name: part, bytes: sum })).sort((a, b) => b.bytes - a.bytes)
}

const packageOf = (source: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? OWN

/** The largest parts, and one for all others. */
export const largest = (parts: readonly Part[], most: number): readonly Part[] => {
  const rest = parts.slice(most).reduce((sum, { bytes }) => sum + bytes, 0)
  return [...parts.slice(0, most), ...(rest > 0 ? [{ name: 'others', bytes: rest }] : [])]
}
