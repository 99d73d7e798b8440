/**
 * Makes a release of a commit: the same files, byte by byte, wherever and whenever. `npm run release` runs this program as the commit
 * holds it, with its packages, in a copy of its own: node tools/release/build.ts --commit <commit> --builder <URI> --to <empty folder>
 */

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { run } from '../program.ts'
import { bundledPackages, type Lockfile } from './bundled.ts'
import { digestsOf, sha256, sumsText } from './digests.ts'
import { licences } from './licences.ts'
import { copyPackages, packageRelease } from './packages.ts'
import { statement } from './provenance.ts'
import { type Product, sbom } from './sbom.ts'

interface BuildOptions {
  readonly commit: string
  /** An empty folder. */
  readonly to: string
  readonly builder: string
}

/** Of the project, what a release holds as it stands. */
const COPIED = { 'docs/openapi.json': 'openapi.json', 'docs/schemas': 'schemas', LICENSE: 'LICENSE' } as const

/** Throws an error that says what cannot be made, and why. */
const buildRelease = async ({ commit, to, builder }: BuildOptions): Promise<void> => {
  const { env } = process
  const project = PROJECT_ROOT
  const product: Product = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  const lockfile = readFileSync(join(project, 'package-lock.json'), 'utf8')
  const write = (name: string, content: string) => writeFileSync(join(to, name), content)

  const packaged = await packageRelease({ project, version: product.version, env })
  copyPackages(packaged, to)
  write('template.json', jsonText(packaged.template))

  await run(process.execPath, ['tools/client/build.ts'], { cwd: project, env })
  cpSync(join(project, 'client/dist'), join(to, 'client'), { recursive: true })
  for (const [from, name] of Object.entries(COPIED))
    cpSync(join(project, from), join(to, name), { recursive: true })

  const bundled = bundledPackages(packaged.folder, packaged.functions, JSON.parse(lockfile) as Lockfile)
  write('sbom.cdx.json', jsonText(sbom(product, bundled)))
  write('THIRD-PARTY-LICENCES.txt', licences(project, bundled))

  write('SHA256SUMS', sumsText(digestsOf(to)))
  const { name, version, repository } = product
  const source = { name, version, commit, repository: repository?.url }
  const made = { ...source, lockfile: sha256(lockfile), node: process.version, builder }
  write('provenance.json', jsonText(statement({ ...made, files: digestsOf(to) })))
}

const jsonText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`

const text = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { commit: text, builder: text, to: text } })
try {
  await buildRelease(values)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
