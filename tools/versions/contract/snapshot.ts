/** The contract of a release, in files that are committed: one for each subject, and the version that they are of. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { printed } from '../../interface/files.ts'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import { type Git, gitOf, lastTag } from '../previous.ts'
import type { Contract, Facts } from './facts.ts'

const IN_TREE = 'docs/contract'
export const FOLDER = join(PROJECT_ROOT, IN_TREE)
const VERSION = 'version.json'

export interface Snapshot {
  readonly version: string
  readonly contract: Contract
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

export const readSnapshot = (folder: string = FOLDER): Snapshot => {
  const { version } = readJson(join(folder, VERSION)) as { version: string }
  const subjects = readdirSync(folder).filter((name) => name !== VERSION)
  return {
    version,
    contract: Object.fromEntries(
      subjects.map((file) => [file.replace(/\.json$/, ''), readJson(join(folder, file)) as Facts]),
    ),
  }
}

/**
 * The contract of the last release, as its tag has it: whatever was written since then, also by hand. Undefined where the clone has no
 * tag, or the tag has no contract.
 */
export const releasedSnapshot = (git: Git = gitOf()): Snapshot | undefined => {
  const tag = lastTag(git, 'HEAD')
  if (tag === undefined) return undefined
  const names = (git('ls-tree', '-r', '--name-only', '--full-tree', tag, `${IN_TREE}/`) ?? '').split('\n')
  const files = names.filter((name) => name.endsWith('.json') && !name.endsWith(`/${VERSION}`))
  if (files.length === 0) return undefined
  const read = (name: string): Facts => {
    const text = git('show', `${tag}:${name}`)
    if (text === undefined) throw new Error(`${tag} has ${name}, and this clone cannot read it.`)
    return JSON.parse(text) as Facts
  }
  return {
    version: tag.slice(1),
    contract: Object.fromEntries(files.map((name) => [basename(name, '.json'), read(name)])),
  }
}

export const writeSnapshot = ({ version, contract }: Snapshot, folder: string = FOLDER): void => {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, value: object) => writeFileSync(join(folder, name), printed(value, 1))
  write(VERSION, { version })
  for (const [subject, facts] of Object.entries(contract)) write(`${subject}.json`, facts)
}

/** Of the sources: package.json's. */
export const versionNow = (): string =>
  (readJson(join(PROJECT_ROOT, 'package.json')) as { version: string }).version
