/** `npm run fuzz`: the document of the interface, held against the stage that serves it, by inputs that schemathesis makes of it. */

import { parseCommandLine, UsageError } from '../../operator/arguments.ts'
import type { Outcome } from './events.ts'
import { PLANTED } from './planted.ts'
import { assertInstalled, install } from './python.ts'
import { fuzz } from './run.ts'
import { type FuzzStage, startFuzzStage } from './stage.ts'
import { tableOf } from './table.ts'

const USAGE = 'npm run fuzz -- [--install | --self-test] [--inputs <number>] [--url <of a stage that runs>]'
const OPTIONS = {
  install: { type: 'boolean' },
  'self-test': { type: 'boolean' },
  inputs: { type: 'string' },
  url: { type: 'string' },
} as const

/** For each operation and phase: some 2,000 in all, in about a minute. */
const INPUTS = 20
const TIMEOUT_MS = 170_000

const main = async (line: readonly string[]): Promise<number> => {
  const { values } = parseCommandLine(line, { options: OPTIONS, usage: USAGE })
  if (values.install) {
    install(console.log)
    return 0
  }
  assertInstalled()
  const stage = await startFuzzStage(values.url)
  try {
    return values['self-test']
      ? await selfTest(stage)
      : await holdAgainst(stage, Number(values.inputs ?? INPUTS))
  } finally {
    await stage.stop()
  }
}

const holdAgainst = async (stage: FuzzStage, inputs: number): Promise<number> => {
  const outcome = await fuzz({
    ...stage,
    inputs,
    phases: ['examples', 'coverage', 'fuzzing'],
    timeoutMs: TIMEOUT_MS,
  })
  console.log(tableOf(outcome))
  const missing = operationsOf(stage).filter(
    (name) => !outcome.counts.some(({ operation }) => operation === name),
  )
  for (const name of missing) console.log(`${name} got no input`)
  for (const line of linesOf(outcome)) console.log(line)
  const faults = outcome.findings.length + missing.length
  console.log(
    faults === 0
      ? 'No undocumented answer, no error of the server, no input that should be refused.'
      : `${faults} faults`,
  )
  return faults === 0 ? 0 : 1
}

const operationsOf = ({ document }: FuzzStage): readonly string[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )

const linesOf = ({ findings }: Outcome): readonly string[] => [
  ...new Set(findings.map(({ operation, check, says }) => `${operation}: ${check}: ${says}`)),
]

const selfTest = async (stage: FuzzStage): Promise<number> => {
  let missed = 0
  for (const { what, path, plant, check } of PLANTED) {
    const options = { inputs: 10, phases: ['coverage'], paths: [path], timeoutMs: TIMEOUT_MS } as const
    const { findings } = await fuzz({ ...stage, ...options, document: plant(stage.document) })
    const isFound = findings.some((finding) => finding.check === check)
    if (!isFound) missed += 1
    console.log(`${isFound ? 'found' : 'MISSED'}  ${what}, by ${check}`)
  }
  return missed === 0 ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof UsageError || error instanceof Error ? error.message : error)
  process.exitCode = 1
}
