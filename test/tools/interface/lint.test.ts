import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const LINTER = join(fileURLToPath(import.meta.resolve('@redocly/cli/package.json')), '../bin/cli.js')

/** Nothing is told to its makers, and no newer version is asked for. */
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

interface Problem {
  readonly ruleId: string
  readonly severity: string
}

const lint = (document: string): readonly Problem[] => {
  const args = [LINTER, 'lint', '--config', 'tools/interface/redocly.yaml', '--format', 'json', document]
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...QUIET },
    encoding: 'utf8',
  })
  const [json] = /\{[\s\S]*\}/.exec(stdout) ?? []
  if (json === undefined) throw new Error(`the linter says nothing: ${stderr}`)
  return JSON.parse(json).problems
}

describe('docs/openapi.json', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-lint-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('keeps the recommended rules, without a warning', { timeout: 60_000 }, () => {
    expect(lint('docs/openapi.json')).toEqual([])
  })

  it('would be told of an example that is no good request', { timeout: 60_000 }, () => {
    const document = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'))
    document.paths['/users'].put.requestBody.content['application/json'].examples.sample.value.status = 'gone'
    const planted = join(folder, 'openapi.json')
    writeFileSync(planted, JSON.stringify(document))
    expect(lint(planted)).toEqual([
      expect.objectContaining({ ruleId: 'no-invalid-media-type-examples', severity: 'error' }),
    ])
  })
})
