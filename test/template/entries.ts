/** Each zip loaded as Lambda loads it: unpacked alone, by its template's handler, with its template's settings. */

import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readZip } from '../../tools/package/zip.ts'
import { FUNCTIONS } from './golden.ts'
import type { Package } from './package.ts'

const lambdaOf = ({ template }: Package, name: string) => {
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
  return template.Resources[id]?.Properties ?? {}
}

/** Lambda looks for `<path>.js`, `.mjs` and `.cjs`, and takes the export behind the last dot. */
const entryOf = (packaged: Package, name: string): { url: string; handler: string } => {
  const [path = '', handler = ''] = String(lambdaOf(packaged, name)['Handler']).split('.')
  const folder = join(packaged.folder, 'unpacked', name)
  for (const entry of readZip(readFileSync(join(packaged.folder, `${name}.zip`)))) {
    const file = join(folder, entry.name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, entry.content)
  }
  return { url: pathToFileURL(join(folder, `${path}.mjs`)).href, handler }
}

const SCRIPT = `
for (const { url, handler } of JSON.parse(process.argv[1])) console.log(typeof (await import(url))[handler])
`

export const describeEntries = (packaged: () => Package): void => {
  describe('the entries of the zips', () => {
    it('are ES modules that need nothing beside them, and each gives its handler', async () => {
      const entries = FUNCTIONS.map((name) => entryOf(packaged(), name))
      const { Environment } = lambdaOf(packaged(), 'jwks')
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '--eval', SCRIPT, JSON.stringify(entries)],
        { env: { ...Environment.Variables, AWS_REGION: 'eu-west-1' } },
      )
      expect(stdout.trim().split('\n')).toEqual(FUNCTIONS.map(() => 'function'))
    }, 60_000)
  })
}
