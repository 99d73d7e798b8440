/** `npm run collections`: writes examples/bruno/ and examples/postman/. A test says when they are out of date. */

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { collectionFiles, committedFiles } from './files.ts'

const write = async (): Promise<void> => {
  const files = await collectionFiles()
  for (const path of Object.keys(committedFiles()))
    if (files[path] === undefined) rmSync(join(PROJECT_ROOT, path))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(PROJECT_ROOT, path)), { recursive: true })
    writeFileSync(join(PROJECT_ROOT, path), text)
  }
  console.log(`${Object.keys(files).length} files are in examples/bruno and examples/postman`)
}

if (process.argv[2] === '--install') {
  const { status } = spawnSync('npm', ['ci'], { cwd: import.meta.dirname, stdio: 'inherit' })
  process.exitCode = status ?? 1
} else {
  await write()
}
