/** Prints what each function's package weighs; run by `npm run package`. Fails when one is over its budget. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { BUDGETS, budgetFaults } from './budget.ts'
import { readZip } from './zip.ts'

export interface PackageSize {
  name: string
  bundle: number
  zip: number
}

/** Sizes in bytes of every zip in a folder: its files unpacked (`bundle`) and the zip itself. */
export const packageSizes = (folder: string): PackageSize[] =>
  globSync(`${folder}/*.zip`)
    .sort()
    .map((file) => {
      const zip = readFileSync(file)
      const bundle = readZip(zip).reduce((sum, entry) => sum + entry.content.length, 0)
      return { name: basename(file, '.zip'), bundle, zip: zip.length }
    })

/** Sources that a package was made of, out of the source map that is kept beside it. */
export const packageSources = (folder: string, name: string): string[] => {
  const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const map: { sources: string[] } = JSON.parse(readFileSync(`${folder}/source-maps/${file}.mjs.map`, 'utf8'))
  return map.sources
}

/** What is wrong with the packages of a folder, in words. */
export const packageFaults = (folder: string): string[] => {
  const sizes = packageSizes(folder)
  const missing = Object.keys(BUDGETS).filter((name) => !sizes.some((size) => size.name === name))
  return [
    ...missing.map((name) => `there is no package of ${name}`),
    ...sizes.flatMap(({ name, bundle }) => budgetFaults(name, bundle, packageSources(folder, name))),
  ]
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)

// Not import.meta.main: the oldest Node that the lockfile pins does not have it.
if (process.argv[1] === import.meta.filename) {
  const sizes = packageSizes('.serverless')
  const row = (name: string, bundle: string, zip: string) =>
    `${name.padEnd(28)}${bundle.padStart(12)}${zip.padStart(12)}`
  console.log(row('function', 'bundle KB', 'zip KB'))
  for (const { name, bundle, zip } of sizes) console.log(row(name, kilobytes(bundle), kilobytes(zip)))
  const faults = packageFaults('.serverless')
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length > 0 ? 1 : 0
}
