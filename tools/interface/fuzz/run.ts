/** One run of schemathesis: a document, held against a stage that runs. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProgramError, run as runProgram } from '../../program.ts'
import { type Outcome, outcomeOf } from './events.ts'
import { schemathesis } from './python.ts'

/**
 * Not `positive_data_acceptance`: rules that JSON Schema cannot say refuse some of what the document takes, and another test names
 * them. Not `unsupported_method`: API Gateway answers 404 to a method that no route has. Not `ignored_auth`: the attacks try that.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
]

export interface RunOptions {
  readonly document: object
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of each operation and phase. */
  readonly inputs: number
  readonly phases: readonly ('examples' | 'coverage' | 'fuzzing')[]
  /** Operations by their paths; default all. */
  readonly paths?: readonly string[]
  readonly timeoutMs: number
}

/** The same inputs in every run. */
const SEED = '20261129'

/** Throws when schemathesis does not come to its end. Findings are no error. */
export const fuzz = async (options: RunOptions): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-fuzz-'))
  try {
    const document = join(folder, 'openapi.json')
    const report = join(folder, 'report.ndjson')
    writeFileSync(document, JSON.stringify(options.document))
    const output = await ended(argumentsOf(options, document, report), {
      folder,
      timeoutMs: options.timeoutMs,
    })
    const outcome = outcomeOf(readFileSync(report, 'utf8'))
    if (outcome.counts.length === 0) throw new Error(`schemathesis has sent nothing:\n${output}`)
    return outcome
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const argumentsOf = (
  { url, headers, inputs, phases, paths = [] }: RunOptions,
  document: string,
  report: string,
): readonly string[] => [
  ...['run', document, '--url', url, '--checks', CHECKS.join(','), '--phases', phases.join(',')],
  ...['--max-examples', String(inputs), '--seed', SEED, '--no-shrink', '--continue-on-failure'],
  ...['--report', 'ndjson', '--report-ndjson-path', report],
  ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
  ...paths.flatMap((path) => ['--include-path', path]),
]

/** Its exit code 1 says that it has found something, which the report tells as well. */
const ended = async (
  args: readonly string[],
  { folder, timeoutMs }: { readonly folder: string; readonly timeoutMs: number },
): Promise<string> => {
  // Its home: it keeps what it has found in a database, and would try that first in the next run.
  const env = { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' }
  try {
    return await runProgram(schemathesis, args, { cwd: folder, env, timeoutMs })
  } catch (error) {
    if (error instanceof ProgramError && / exit code 1:/.test(error.message)) return error.output
    throw error
  }
}
