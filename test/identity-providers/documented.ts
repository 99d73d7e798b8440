/** The entries of docs/identity-providers.md: what a test shows is what operators copy. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/identity-providers.md'), 'utf8')

type Entry = Readonly<Record<string, unknown>>

/** The entry of a kind under a heading. `own` are the values that each site has of its own, and what a test changes. */
export const documentedEntry = (heading: string, kind: 'user' | 'back-end', own: Entry): Entry => {
  const section = DOCUMENT.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const entries = [...section.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
    ([, json = '']) => JSON.parse(json) as Entry,
  )
  const entry = entries.find((one) => one['kind'] === kind)
  if (entry === undefined) throw new Error(`the document has no entry of kind ${kind} for ${heading}`)
  return { ...entry, ...own }
}
