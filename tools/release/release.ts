/** `npm run release`: makes `release/<version>/` of the commit that is checked out. */

import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { makeRunFolder } from '../local/run-folder.ts'
import { parseCommandLine, UsageError, usageError } from '../operator/arguments.ts'
import { buildRelease } from './build.ts'
import { replaceRelease } from './destination.ts'
import { UNATTESTED_BUILDER } from './provenance.ts'
import { readSigningKey } from './signing-key.ts'
import { assertInstalled, cleanCommit, exportCommit, isTagged } from './sources.ts'

const USAGE = 'npm run release [-- --key <file>] [--builder <URI>] [--to <folder>]'

const HELP = `Makes release/<version>/ of the commit that is checked out, with the version of package.json. docs/releases.md says what is in it.
  --key <file>      a private key in PEM (ECDSA on P-256, or Ed25519), which signs the provenance
  --builder <URI>   who builds, as the provenance says it; default ${UNATTESTED_BUILDER}
  --to <folder>     in place of release/<version>; an earlier release there is replaced, and nothing else`

const OPTIONS = {
  key: { type: 'string' },
  builder: { type: 'string' },
  to: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** npm changes to the project's folder; a relative path is meant from where npm was called. */
const fromHere = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path)

const main = async (args: readonly string[]): Promise<void> => {
  const { values } = parseCommandLine(args, { options: OPTIONS, usage: USAGE })
  if (values.help) return console.log(`Use: ${USAGE}\n\n${HELP}`)
  const builder = values.builder ?? UNATTESTED_BUILDER
  if (!URL.canParse(builder)) throw usageError('--builder: expected a URI.', USAGE)
  const key = values.key === undefined ? undefined : readSigningKey(fromHere(values.key))
  const commit = cleanCommit(PROJECT_ROOT)
  assertInstalled(PROJECT_ROOT)
  const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    version: string
  }
  const to = values.to === undefined ? join(PROJECT_ROOT, 'release', version) : fromHere(values.to)
  const files = await replaceRelease({ to, root: PROJECT_ROOT }, async (made) => {
    const folder = makeRunFolder(tmpdir(), 'cec-token-bridge-release')
    const project = join(folder, 'project')
    exportCommit(PROJECT_ROOT, commit, project)
    // Nothing else of this shell reaches what is built.
    const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder }
    return buildRelease({ project, commit, to: made, builder, key, env })
  })
  console.log(`${to}: ${files.length} files of commit ${commit}.`)
  if (!isTagged(PROJECT_ROOT, version))
    console.log(`The commit has no tag v${version}: this is to try out, and not release ${version}.`)
  if (key === undefined) console.log('The provenance is not signed: --key <file> signs it.')
}

// Ends by `exit`, so that the run's folder is removed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
