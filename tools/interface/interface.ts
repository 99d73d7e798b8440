/** `npm run interface`: writes docs/openapi.json. A test says when it is out of date. */

import { writeFileSync } from 'node:fs'
import { FILES } from './files.ts'

for (const [path, text] of Object.entries(FILES())) {
  writeFileSync(path, text)
  console.log(path)
}
