/** What the bundler does beside its options. `serverless.yml` names this file. */

import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/**
 * The AWS clients import their whole `package.json` to tell their version to AWS. The rest of it, its lists of scripts and
 * dependencies among it, would be read by every start.
 */
const versionsAlone: Plugin = {
  name: 'versions-alone',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string }
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
  },
}

export default [versionsAlone]
