/** Digests of all files of a folder. */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export interface FileDigest {
  /** From the folder, with slashes. */
  readonly name: string
  /** In hexadecimal digits. */
  readonly sha256: string
}

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** Of all that is no folder, in the order of their bytes: no language of a machine sorts them otherwise. */
export const namesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()

export const digestsOf = (folder: string): readonly FileDigest[] =>
  namesOf(folder).map((name) => ({ name, sha256: sha256(readFileSync(join(folder, name))) }))

/** As `sha256sum -c` reads it. */
export const sumsText = (files: readonly FileDigest[]): string =>
  files.map((file) => `${file.sha256}  ${file.name}\n`).join('')

/** The files that such a text names. */
export const namesIn = (sums: string): readonly string[] =>
  sums.split('\n').flatMap((line) => /^[0-9a-f]{64} {2}(.+)$/.exec(line)?.[1] ?? [])
