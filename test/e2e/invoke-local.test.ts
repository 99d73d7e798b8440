import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT, SERVERLESS } from '../../local/offline-process.ts'
import { EXPECTED } from '../support/expected-events.ts'
import { type Finished, runNode } from './process.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: object
}

/**
 * Through the tool itself: every function once, at 4 s of processor time each. The other events differ in what the
 * handler makes of them, which test/events.test.ts sees in a fraction of the time.
 */
const THROUGH_THE_TOOL = [
  'issueEnterpriseToken/ok',
  'issueAccessToken/ok',
  'validateEnterpriseToken/ok',
  'revokeEnterpriseTokens/token',
  'putUser/ok',
  'jwks/ok',
  'applyToken/ok',
  'chatRelay/send-connect',
  'appCubeToken/ok',
  'liveMessageToken/ok',
]

const invoke = (event: string): Promise<Finished> =>
  runNode([SERVERLESS, 'invoke', 'local', '-f', event.split('/')[0] ?? '', '-p', `events/${event}.json`])

/** The functions' own log lines come first; what the tool prints of the answer begins with a line `{`. */
const answerIn = (stdout: string): Answer => JSON.parse(stdout.slice(stdout.search(/^\{$/m))) as Answer

describe('serverless invoke local', () => {
  // each takes seconds of processor time, so as many at a time as there are processors, and one test for all
  it('answers events as expected, and leaves no process behind', async () => {
    const waiting = [...THROUGH_THE_TOOL]
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
  }, 300_000)

  it('makes the keys of a rotation', async () => {
    const { code, stdout, leftNothing } = await invoke('rotateSigningKey/createSecret')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout).toContain('"code":"ROTATION_STEP_DONE"')
  })

  it('warms the emulators’ tokens, and prints what it has done', async () => {
    const { code, stdout, leftNothing } = await invoke('prewarmTokens/schedule')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout.match(/"code":"MACHINE_TOKEN_FETCHED"/g)).toHaveLength(2)
    expect(answerIn(stdout)).toEqual({
      due: 0,
      found: 2,
      refreshed: 2,
      upToDate: 0,
      dropped: 0,
      failed: 0,
      endangered: 0,
      left: 0,
    })
  })

  it('ends with exit code 1 when the function cannot be loaded', async () => {
    // Prepare: this project with a function that throws while it loads
    const folder = mkdtempSync(join(tmpdir(), 'unloadable-'))
    for (const name of ['functions', 'lib', 'local', 'events', 'package.json', 'serverless.yml']) {
      cpSync(join(PROJECT_ROOT, name), join(folder, name), { recursive: true })
    }
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir')
    writeFileSync(join(folder, 'functions', 'jwks.ts'), "throw new Error('cannot be loaded')\n")
    // Act
    const args = [SERVERLESS, 'invoke', 'local', '-f', 'jwks', '-p', 'events/jwks/ok.json']
    const { code, stdout, leftNothing, milliseconds } = await runNode(args, { cwd: folder })
    rmSync(folder, { recursive: true })
    // Assess: without the plugin's error hook it would hang until the 60 s of runNode are over
    expect({ code, leftNothing }).toEqual({ code: 1, leftNothing: true })
    expect(stdout).toContain('Exception encountered when loading')
    expect(milliseconds).toBeLessThan(20_000)
  })
})
