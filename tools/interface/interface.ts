/** `npm run interface`: writes docs/openapi.json, docs/schemas/ and docs/reference/. A test says when they are out of date. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { FILES } from './files.ts'

for (const [path, text] of Object.entries(FILES())) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(path)
}
