/** The certificates of a chain as files. */

import type { X509Certificate } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileFault } from '../../local/file-faults.ts'
import type { Chain } from './chain.ts'

export interface Written {
  readonly file: string
  readonly role: 'leaf' | 'intermediate' | 'root'
  readonly subject: string
  /** ISO 8601. */
  readonly endsAt: string
  readonly isToHandOver: boolean
}

/** Makes the folder where it is not there. Throws a sentence where nothing can be written. */
export const written = (chain: Chain, folder: string): readonly Written[] => {
  try {
    mkdirSync(folder, { recursive: true })
    return allOf(chain, folder)
  } catch (error) {
    const { code, path = folder } = error as NodeJS.ErrnoException
    if (path === folder && (code === 'EEXIST' || code === 'ENOTDIR'))
      throw new Error('--out: expected a folder, and this is a file, or is below one. Name another one.')
    throw new Error(`--out: ${path} cannot be written: ${fileFault(error) ?? code}.`)
  }
}

/** The root stays for years. Where there is none, whoever trusts can only trust the leaf itself. */
const allOf = ({ leaf, intermediates, root }: Chain, folder: string): Written[] => {
  const put = (name: string, role: Written['role'], one: X509Certificate): Written => {
    const file = join(folder, `${name}.cer`)
    writeFileSync(file, one.raw)
    return {
      ...{
        file,
        role,
        subject: one.subject.replaceAll('\n', ', '),
        endsAt: new Date(one.validTo).toISOString(),
      },
      isToHandOver: role === (root === undefined ? 'leaf' : 'root'),
    }
  }
  return [
    put('leaf', 'leaf', leaf),
    ...intermediates.map((one, at) =>
      put(at === 0 ? 'intermediate' : `intermediate-${at + 1}`, 'intermediate', one),
    ),
    ...(root === undefined ? [] : [put('root', 'root', root)]),
  ]
}
