import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useRunFolder } from '../../../tools/local/run-folder.ts'

const MODULE = join(import.meta.dirname, '../../../tools/local/run-folder.ts')
let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'run-folder-'))
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

/** A process that uses the folder as the framework does, and then runs `rest`. Returns what it prints. */
const run = (rest: string): string =>
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { useRunFolder } from ${JSON.stringify(MODULE)}
       import { writeFileSync, readdirSync } from 'node:fs'
       import { tmpdir } from 'node:os'
       const set = []
       const framework = { serviceDir: ${JSON.stringify(project)}, classes: { Error }, extendConfiguration: (...all) => set.push(all) }
       const work = useRunFolder(framework, 'package')
       writeFileSync(tmpdir() + '/left-by-a-tool', '')
       ${rest}`,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  ).trim()

const killed = (signal: string): number => {
  try {
    run(
      `process.stdout.write(String(process.pid)); process.kill(process.pid, '${signal}'); setTimeout(() => {}, 5000)`,
    )
  } catch (error) {
    return Number((error as { stdout: string }).stdout)
  }
  throw new Error('it was not killed')
}

describe('tools/local/run-folder', () => {
  it('lets the framework build below a folder of the process, and keeps its temporary files there', () => {
    const said = JSON.parse(run('console.log(JSON.stringify([process.pid, tmpdir(), work, set]))'))
    const [pid, temporary, work, set] = said
    expect(temporary).toBe(join(project, `.esbuild/package-${pid}/tmp`))
    expect(work).toBe(`.esbuild/package-${pid}/work`)
    expect(set).toEqual([[['custom', 'esbuild', 'outputWorkFolder'], work]])
  })

  it('leaves nothing when the process ends, also by an error', () => {
    const pid = run('console.log(process.pid)')
    expect(existsSync(join(project, `.esbuild/package-${pid}`))).toBe(false)
    expect(() => run("throw new Error('x')")).toThrow()
    expect(
      run("console.log(readdirSync('.esbuild').length)".replace('.esbuild', `${project}/.esbuild`)),
    ).toBe('1')
  })

  it.each(['SIGHUP', 'SIGKILL'])(
    'removes what a run that ended by %s has left, at the next start',
    (signal) => {
      const pid = killed(signal)
      expect(existsSync(join(project, `.esbuild/package-${pid}/tmp/left-by-a-tool`))).toBe(true)
      run('')
      expect(existsSync(join(project, `.esbuild/package-${pid}`))).toBe(false)
    },
  )

  it('leaves the folder of a process that runs, and what is no such folder', () => {
    mkdirSync(join(project, `.esbuild/local-${process.pid}`), { recursive: true })
    mkdirSync(join(project, '.esbuild/mine'))
    run('')
    expect(existsSync(join(project, `.esbuild/local-${process.pid}`))).toBe(true)
    expect(existsSync(join(project, '.esbuild/mine'))).toBe(true)
  })

  it('says in one sentence that the folder cannot be written', () => {
    writeFileSync(join(project, '.esbuild'), 'a file in its place')
    const framework = { serviceDir: project, classes: { Error }, extendConfiguration: () => {} }
    expect(() => useRunFolder(framework, 'local')).toThrow(
      `${join(project, '.esbuild')} cannot be written (ENOTDIR): make it yours, or work in a copy of the project.`,
    )
  })
})
