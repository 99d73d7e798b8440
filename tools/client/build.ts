/** `npm run client`: makes `client/dist/`, what is published, and prints sizes and integrity. Fails over the budget. */

import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientBudgetFaults, gzipBytes } from './budget.ts'
import { bundleClient, CLIENT } from './bundle.ts'

const DIST = join(CLIENT, 'dist')
const TSC = join(CLIENT, '..', 'node_modules', 'typescript', 'bin', 'tsc')

/** TypeScript leaves the names of the sources in its declarations, and a reader's compiler looks for what is published. */
const writeTypes = (): void => {
  execFileSync(process.execPath, [TSC, '-p', join(CLIENT, 'tsconfig.types.json')], { stdio: 'inherit' })
  for (const name of globSync('*.d.ts', { cwd: DIST })) {
    const file = join(DIST, name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"))
  }
}

rmSync(DIST, { recursive: true, force: true })
mkdirSync(DIST, { recursive: true })
const forms = await bundleClient()
for (const { name, content, integrity } of forms) {
  writeFileSync(join(DIST, name), content)
  console.log(`client/dist/${name.padEnd(28)} ${gzipBytes(content)} bytes (gzip)  ${integrity}`)
}
const integrity = Object.fromEntries(forms.map((form) => [form.name, form.integrity]))
writeFileSync(join(DIST, 'integrity.json'), `${JSON.stringify(integrity, undefined, 2)}\n`)
copyFileSync(join(CLIENT, '..', 'LICENSE'), join(DIST, 'LICENSE'))
writeTypes()
const faults = forms.flatMap(({ name, content }) => clientBudgetFaults(name, content))
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
