/** `npm run trial` writes five faults for whoever tries the runbooks: CONTRIBUTING.md says how. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALARMS } from '../../tools/package/alarm-table.ts'
import { startWorld, type World } from '../support/world.ts'
import { chosen, writeTrials } from './trial.ts'

let routes: World
let folder: string
beforeAll(async () => {
  routes = await startWorld()
  folder = process.env['TRIAL_FOLDER'] ?? mkdtempSync(join(tmpdir(), 'trial-'))
})
afterAll(async () => {
  await routes.close()
  if (process.env['TRIAL_FOLDER'] === undefined) rmSync(folder, { recursive: true })
})

describe('test/alarms/trial', () => {
  it('chooses other faults for another seed, each once', () => {
    expect(new Set(chosen(1, 5)).size).toBe(5)
    expect(chosen(1, 5)).toEqual(chosen(1, 5))
    expect(chosen(1, 5)).not.toEqual(chosen(2, 5))
    expect(new Set(Array.from({ length: 40 }, (_, seed) => chosen(seed, 5)).flat()).size).toBeGreaterThan(15)
  })

  it('tells of each the alarm alone, and keeps the answer apart', { timeout: 300_000 }, async () => {
    const seed = Number(process.env['TRIAL_SEED'] ?? 1)
    const many = process.env['TRIAL_FOLDER'] === undefined ? 2 : 5
    const texts = await writeTrials(routes, { folder, seed, many })
    if (process.env['TRIAL_FOLDER'] !== undefined) console.log(texts.join('\n\n'))
    expect(texts).toHaveLength(many)
    for (const [index, text] of texts.entries()) {
      const [, name = ''] = /^20\S+Z {2}(\w+)$/m.exec(text) ?? []
      expect(Object.keys(ALARMS).some((row) => name.endsWith(row))).toBe(true)
      expect(text).toMatch(/^ {2}Severity [123]\. .* Runbook: docs\/operate\.md#\w+$/m)
      expect(readFileSync(join(folder, `fault-${index + 1}`, 'alarm.txt'), 'utf8')).toBe(
        `${text.replace(/^Fault \d\n/, '')}\n`,
      )
    }
    const answers = readFileSync(join(folder, 'answers.txt'), 'utf8').trim().split('\n')
    expect(answers.map((line) => line.replace(/^Fault \d: (.*), from .*$/, '$1'))).toEqual(chosen(seed, many))
  })
})
