/** The files that are made of the code's schemas and tables, by their paths. */

import { join } from 'node:path'
import { referencePages } from '../reference/pages.ts'
import { openApi } from './document.ts'
import { secretSchemas } from './secrets.ts'

const DOCS = join(import.meta.dirname, '../../docs')

/** JSON in ASCII: invisible characters are seen, and no editor changes them. */
export const printed = (value: object, indent = 2): string =>
  `${JSON.stringify(value, undefined, indent).replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`

export const FILES = (): Readonly<Record<string, string>> => ({
  [join(DOCS, 'openapi.json')]: printed(openApi()),
  ...Object.fromEntries(
    Object.entries(secretSchemas()).map(([name, schema]) => [
      join(DOCS, 'schemas', `${name}.json`),
      printed(schema),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(referencePages()).map(([name, text]) => [join(DOCS, 'reference', `${name}.md`), text]),
  ),
})
