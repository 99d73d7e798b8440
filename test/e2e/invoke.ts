/** Sample events through `serverless invoke local`, as a developer types it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { SERVERLESS } from '../../tools/local/offline-process.ts'
import { copyProject } from '../../tools/package/project-copy.ts'
import { EXPECTED } from '../support/expected-events.ts'
import { type Finished, runNode } from './process.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: object
}

export const invoke = (event: string): Promise<Finished> =>
  runNode([SERVERLESS, 'invoke', 'local', '-f', event.split('/')[0] ?? '', '-p', `events/${event}.json`])

/** The functions' own log lines come first; what the tool prints of the answer begins with a line `{`. */
export const answerIn = (stdout: string): Answer => JSON.parse(stdout.slice(stdout.search(/^\{$/m))) as Answer

/** Each takes 4 s of processor time, so as many at a time as there are processors. */
export const expectAll = async (events: readonly string[]): Promise<void> => {
  const waiting = [...events]
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [event, [status, body, code]] = [next, EXPECTED[next] ?? [0, {}, '']]
      const { code: exitCode, stdout, stderr, leftNothing } = await invoke(event)
      expect.soft({ event, exitCode, stderr, leftNothing }).toEqual({
        event,
        exitCode: 0,
        stderr: '',
        leftNothing: true,
      })
      const answer = answerIn(stdout)
      expect.soft({ event, status: answer.statusCode }).toEqual({ event, status })
      expect.soft(answer.body, event).toMatchObject(body)
      expect.soft(stdout, event).toContain(`"code":"${code}"`)
    }
  }
  await Promise.all(cpus().slice(0, 4).map(worker))
}

/** Invokes `jwks` in a copy of this project where it has another source. */
export const invokeJwks = async (source: string): Promise<Finished> => {
  const folder = mkdtempSync(join(tmpdir(), 'another-jwks-'))
  copyProject(folder)
  writeFileSync(join(folder, 'functions', 'jwks.ts'), source)
  const args = [SERVERLESS, 'invoke', 'local', '-f', 'jwks', '-p', 'events/jwks/ok.json']
  const finished = await runNode(args, { cwd: folder })
  rmSync(folder, { recursive: true })
  return finished
}
