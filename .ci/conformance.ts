/**
 * `node .ci/conformance.ts <folder of the source documents> [--self-test]`: every name and number of a source document is in
 * a row of docs/conformance.md, no row has been lost, and no sentence is copied. Exit code 1 when not. `--self-test` also
 * takes each row out in turn: that must show, by a name where the row alone holds one.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { copiedRuns, countNames, lostRows, missingNames, soleHolders } from './conformance/check.ts'
import { type Section, sectionsOf } from './conformance/document.ts'

const DOCUMENT = 'docs/conformance.md'

const main = (folder: string, isSelfTest: boolean): readonly string[] => {
  if (!existsSync(folder)) {
    return [
      `${folder}: the source documents are not there, and without them nobody can say whether ${DOCUMENT} is complete`,
    ]
  }
  const files = readdirSync(folder).filter((file) => /^\d{3}_.*\.txt$/.test(file))
  const markdown = readFileSync(join(import.meta.dirname, '..', DOCUMENT), 'utf8')
  const sections = sectionsOf(markdown)
  return [
    ...(files.length === 0 ? [`${folder}: holds no source document`] : []),
    ...files
      .filter((file) => !sections.some(({ id }) => file.startsWith(id)))
      .map((file) => `${file}: ${DOCUMENT} has no section for it`),
    ...sections.flatMap((section) => {
      const file = files.find((name) => name.startsWith(section.id))
      if (file === undefined) return [`${section.id}: there is no source document for this section`]
      const source = readFileSync(join(folder, file), 'utf8')
      return [...check(section, source, markdown), ...(isSelfTest ? selfTest(section, source) : [])]
    }),
  ]
}

const check = (section: Section, source: string, markdown: string): readonly string[] => {
  const { id, rows } = section
  const names = countNames(source, rows)
  const missing = missingNames(source, rows)
  const copied = copiedRuns(source, markdown)
  console.log(
    `${id}: ${rows.length} rows hold ${names - missing.length} of ${names} names; copied runs of words: ${copied.length}`,
  )
  return [
    ...missing.map(({ heading, name }) => `${id}, ${heading}: no row holds ${name}`),
    ...lostRows(section).map((fault) => `${id}: ${fault}`),
    ...copied.map((run) => `${id}: copied from the source document: ${run}`),
  ]
}

const selfTest = (section: Section, source: string): readonly string[] => {
  const { id, rows } = section
  const without = rows.map((row) => {
    const rest = { ...section, rows: rows.filter((other) => other !== row) }
    return {
      row,
      isMissedByName: missingNames(source, rest.rows).length > missingNames(source, rows).length,
      isMissedByCount: lostRows(rest).length > 0,
    }
  })
  const sole = soleHolders(source, rows)
  const byName = without.filter(({ isMissedByName }) => isMissedByName)
  const noticed = without.filter(({ isMissedByName, isMissedByCount }) => isMissedByName || isMissedByCount)
  console.log(
    `${id}: taken out one at a time, ${noticed.length} of ${rows.length} rows are missed, ${byName.length} by a name, ` +
      `the others by the count of rows alone; ${sole.length} rows alone hold a name`,
  )
  return [
    ...without
      .filter((each) => !noticed.includes(each))
      .map(({ row }) => `${id}, ${row.place}: taken out, it is not missed`),
    ...sole
      .filter((row) => !byName.some((each) => each.row === row))
      .map(({ place }) => `${id}, ${place}: alone holds a name, and is not missed by it`),
  ]
}

const [folder = '../shared/seeds', ...options] = process.argv.slice(2)
const faults = main(folder, options.includes('--self-test'))
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1
