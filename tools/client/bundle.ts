/** The client in its two forms: a module, and one script for pages that take no modules. */

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { build } from 'esbuild'

export const CLIENT = join(import.meta.dirname, '..', '..', 'client')

const FORMS = [
  { name: 'index.js', entry: 'index.ts', format: 'esm' },
  { name: 'cec-token-bridge-client.js', entry: 'script.ts', format: 'iife' },
] as const

/** Browsers since 2023 or 2024: what the oldest of them lacks would have to be brought along. */
const TARGET = ['es2022', 'chrome116', 'firefox124', 'safari17.4']

export interface Form {
  readonly name: string
  readonly content: string
  /** For the `integrity` attribute (Subresource Integrity). */
  readonly integrity: string
}

export const bundleClient = (): Promise<readonly Form[]> =>
  Promise.all(
    FORMS.map(async ({ name, entry, format }) => {
      const { outputFiles } = await build({
        entryPoints: [join(CLIENT, 'src', entry)],
        bundle: true,
        minify: true,
        write: false,
        charset: 'utf8',
        target: TARGET,
        format,
      })
      const content = outputFiles[0]?.text ?? ''
      return { name, content, integrity: `sha384-${createHash('sha384').update(content).digest('base64')}` }
    }),
  )
