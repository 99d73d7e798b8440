import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT, SERVERLESS } from '../../tools/local/offline-process.ts'
import { answerIn, expectAll, invoke } from './invoke.ts'
import { type Finished, runNode } from './process.ts'

const PARTS = ['functions', 'lib', 'tools', 'events', 'serverless', 'package.json', 'serverless.yml']

/** Invokes `jwks` in a copy of this project where it has another source. */
const invokeJwks = async (source: string): Promise<Finished> => {
  const folder = mkdtempSync(join(tmpdir(), 'another-jwks-'))
  for (const name of PARTS) cpSync(join(PROJECT_ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir')
  writeFileSync(join(folder, 'functions', 'jwks.ts'), source)
  const args = [SERVERLESS, 'invoke', 'local', '-f', 'jwks', '-p', 'events/jwks/ok.json']
  const finished = await runNode(args, { cwd: folder })
  rmSync(folder, { recursive: true })
  return finished
}

describe('serverless invoke local', () => {
  it('answers events as expected, and leaves no process behind', async () => {
    await expectAll(['issueEnterpriseToken/ok', 'validateEnterpriseToken/ok', 'applyToken/ok'])
  }, 300_000)

  it('makes the keys of a rotation', async () => {
    const { code, stdout, leftNothing } = await invoke('rotateSigningKey/createSecret')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout).toContain('"code":"ROTATION_STEP_DONE"')
  })

  it('warms the emulators’ tokens, and prints what it has done', async () => {
    const { code, stdout, leftNothing } = await invoke('prewarmTokens/schedule')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout.match(/"code":"MACHINE_TOKEN_FETCHED"/g)).toHaveLength(3)
    expect(answerIn(stdout)).toEqual({
      due: 0,
      found: 3,
      refreshed: 3,
      upToDate: 0,
      dropped: 0,
      failed: 0,
      endangered: 0,
      left: 0,
      withoutKey: 0,
      notListed: 0,
      isSweepUnfinished: false,
    })
  })

  it('ends with exit code 1 when the function cannot be loaded', async () => {
    const { code, stdout, leftNothing, milliseconds } = await invokeJwks(
      "throw new Error('cannot be loaded')\n",
    )
    // without the plugin's error hook it would hang until the 60 s of runNode are over
    expect({ code, leftNothing }).toEqual({ code: 1, leftNothing: true })
    expect(stdout).toContain('Exception encountered when loading')
    expect(milliseconds).toBeLessThan(20_000)
  })

  it('waits for what a function does while it loads', async () => {
    const { code, stdout, leftNothing } = await invokeJwks(
      "const body = await Promise.resolve('loaded')\nexport const handler = async () => ({ statusCode: 200, body })\n",
    )
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(answerIn(stdout)).toEqual({ statusCode: 200, body: 'loaded' })
  })
})
