/** Makes a release of a commit: the same files, byte by byte, wherever and whenever. */

import type { KeyObject } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../program.ts'
import { bundledPackages, type Lockfile } from './bundled.ts'
import { digestsOf, type FileDigest, sha256, sumsText } from './digests.ts'
import { licences } from './licences.ts'
import { copyPackages, packageRelease } from './packages.ts'
import { envelope, statement } from './provenance.ts'
import { type Product, sbom } from './sbom.ts'

export interface BuildOptions {
  /** The commit's own files, with the installed packages in `node_modules`. */
  readonly project: string
  readonly commit: string
  /** An empty folder. */
  readonly to: string
  readonly builder: string
  readonly key: KeyObject | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Of the project, what a release holds as it stands. */
const COPIED = { 'docs/openapi.json': 'openapi.json', 'docs/schemas': 'schemas', LICENSE: 'LICENSE' } as const

/** Returns the files of the release. Throws an error that says what cannot be made, and why. */
export const buildRelease = async (options: BuildOptions): Promise<readonly FileDigest[]> => {
  const { project, commit, to, builder, key, env } = options
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
  const { name, version } = product
  const made = { name, version, commit, lockfile: sha256(lockfile), node: process.version, builder }
  const provenance = jsonText(statement({ ...made, files: digestsOf(to) }))
  write('provenance.json', provenance)
  if (key !== undefined) write('provenance.dsse.json', jsonText(envelope(provenance, key)))
  return digestsOf(to)
}

const jsonText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`
