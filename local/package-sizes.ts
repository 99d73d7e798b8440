/** Prints what each function's package weighs; run by `npm run package`. Fails when the public function grew too big. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { readZip } from './zip.ts'

/** Bytes of code that a cold start of the validate function may have to read; CEC and a person wait for it. */
export const VALIDATE_LIMIT = 400_000

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

/** The sentence to fail with, or nothing. */
export const sizeFault = (sizes: PackageSize[]): string | undefined => {
  const validate = sizes.find((size) => size.name === 'validateEnterpriseToken')
  if (!validate) return 'There is no package of validateEnterpriseToken to measure.'
  if (validate.bundle <= VALIDATE_LIMIT) return undefined
  return `The bundle of validateEnterpriseToken is ${kilobytes(validate.bundle)} KB, more than the ${kilobytes(VALIDATE_LIMIT)} KB it may have.`
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)

// Not import.meta.main: the oldest Node that the lockfile pins does not have it.
if (process.argv[1] === import.meta.filename) {
  const sizes = packageSizes('.serverless')
  const row = (name: string, bundle: string, zip: string) =>
    `${name.padEnd(28)}${bundle.padStart(12)}${zip.padStart(12)}`
  console.log(row('function', 'bundle KB', 'zip KB'))
  for (const { name, bundle, zip } of sizes) console.log(row(name, kilobytes(bundle), kilobytes(zip)))
  const fault = sizeFault(sizes)
  if (fault) console.error(fault)
  process.exitCode = fault ? 1 : 0
}
