/** The ready entries of docs/identity-providers.md: what a test shows is what operators copy. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/identity-providers.md'), 'utf8')

type Entry = Readonly<Record<string, unknown>>

/** A row of the table: the provider, the entry for users, the entry for back ends. What each site fills in is written `…`. */
const ROW = /^\| ([^|]+) \| `(\{[^|]+\})` \| `(\{[^|]+\})` \|$/gm

/** The entry of a kind in a provider's row. `own` is what each site writes itself, and what a test changes. */
export const documentedEntry = (provider: string, kind: 'user' | 'back-end', own: Entry): Entry => {
  const row = [...DOCUMENT.matchAll(ROW)].find(([, name = '']) => name.startsWith(provider))
  if (row === undefined) throw new Error(`the document has no ready entries for ${provider}`)
  const [, , user = '', backEnd = ''] = row
  const text = kind === 'user' ? user : backEnd
  return { ...JSON.parse(text.replaceAll('…', '"…"')), ...own }
}
