/** The files of both collections, by their paths within the project: as they should be, and as they are. */

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { brunoFiles, type Files } from './bruno.ts'
import { postmanFiles } from './postman.ts'

/** Made of docs/openapi.json. */
export const collectionFiles = async (): Promise<Files> => {
  const document = JSON.parse(readFileSync(join(PROJECT_ROOT, 'docs', 'openapi.json'), 'utf8'))
  return {
    ...within('examples/bruno', brunoFiles(document)),
    ...within('examples/postman', await postmanFiles(document)),
  }
}

const within = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]))

export const committedFiles = (): Files =>
  Object.fromEntries(
    globSync('examples/{bruno,postman}/**/*.{bru,json}', { cwd: PROJECT_ROOT }).map((path) => [
      path,
      readFileSync(join(PROJECT_ROOT, path), 'utf8'),
    ]),
  )
