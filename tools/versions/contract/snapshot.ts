/** The contract of a release, in files that are committed: one for each subject, and the version that they are of. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printed } from '../../interface/files.ts'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import type { Contract, Facts } from './facts.ts'

export const FOLDER = join(PROJECT_ROOT, 'docs', 'contract')
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

export const writeSnapshot = ({ version, contract }: Snapshot, folder: string = FOLDER): void => {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, value: object) => writeFileSync(join(folder, name), printed(value, 1))
  write(VERSION, { version })
  for (const [subject, facts] of Object.entries(contract)) write(`${subject}.json`, facts)
}

/** Of the sources: package.json's. */
export const versionNow = (): string =>
  (readJson(join(PROJECT_ROOT, 'package.json')) as { version: string }).version
