/** `npm run release`: makes `release/<version>/` of the commit that is checked out. */

import type { KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { makeRunFolder } from '../local/run-folder.ts'
import { parseCommandLine, UsageError, usageError } from '../operator/arguments.ts'
import { run } from '../program.ts'
import { replaceRelease } from './destination.ts'
import { namesOf } from './digests.ts'
import { envelope, UNATTESTED_BUILDER } from './provenance.ts'
import { readSigningKey } from './signing-key.ts'
import { cleanCommit, exportCommit, installPackages, isTagged } from './sources.ts'

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

/** By the commit's own program, packages and Node, in a copy that holds nothing else. */
const build = async (commit: string, builder: string, to: string): Promise<void> => {
  const folder = makeRunFolder(tmpdir(), 'cec-token-bridge-release')
  const project = join(folder, 'project')
  exportCommit(PROJECT_ROOT, commit, project)
  console.log('npm ci of that commit, which takes a minute or two …')
  await installPackages(project, process.env)
  // Nothing else of this shell reaches what is built.
  const PATH = [join(project, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const args = ['tools/release/build.ts', '--commit', commit, '--builder', builder, '--to', to]
  await run('node', args, { cwd: project, env: { PATH, HOME: folder, TMPDIR: folder } })
}

const sign = (release: string, key: KeyObject): void => {
  const provenance = readFileSync(join(release, 'provenance.json'), 'utf8')
  const signed = JSON.stringify(envelope(provenance, key), undefined, 2)
  writeFileSync(join(release, 'provenance.dsse.json'), `${signed}\n`)
}

const main = async (args: readonly string[]): Promise<void> => {
  const { values } = parseCommandLine(args, { options: OPTIONS, usage: USAGE })
  if (values.help) return console.log(`Use: ${USAGE}\n\n${HELP}`)
  const builder = values.builder ?? UNATTESTED_BUILDER
  if (!URL.canParse(builder)) throw usageError('--builder: expected a URI.', USAGE)
  const key = values.key === undefined ? undefined : readSigningKey(fromHere(values.key))
  const commit = cleanCommit(PROJECT_ROOT)
  const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    version: string
  }
  const to = values.to === undefined ? join(PROJECT_ROOT, 'release', version) : fromHere(values.to)
  const files = await replaceRelease({ to, root: PROJECT_ROOT }, async (made) => {
    await build(commit, builder, made)
    if (key !== undefined) sign(made, key)
    return namesOf(made)
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
