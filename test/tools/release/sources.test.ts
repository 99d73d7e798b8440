import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanCommit, exportCommit, installPackages, isTagged } from '../../../tools/release/sources.ts'

let folder: string
let root: string
const git = (...args: string[]) =>
  execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    encoding: 'utf8',
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-sources-'))
  root = join(folder, 'root')
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, '.gitignore'), 'node_modules\nignored\n')
  writeFileSync(join(root, 'a'), 'committed')
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'first')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('tools/release/sources: cleanCommit', () => {
  it('is the commit that is checked out, whatever git ignores', () => {
    writeFileSync(join(root, 'ignored'), '')
    expect(cleanCommit(root)).toBe(git('rev-parse', 'HEAD').trim())
  })

  it.each([
    ['a changed file', 'a'],
    ['a new file', 'b'],
  ])('refuses %s', (_, name) => {
    writeFileSync(join(root, name), 'changed')
    expect(() => cleanCommit(root)).toThrow('A release holds what a commit holds, and 1 files differ from it')
  })

  it('refuses a folder that is no clone', () => {
    expect(() => cleanCommit(join(folder, 'none'))).toThrow('A release is made in a clone of the repository.')
  })
})

describe('tools/release/sources: isTagged', () => {
  it('knows the tag of the version at this commit, and no other', () => {
    git('tag', 'v1.2.3')
    expect(isTagged(root, '1.2.3')).toBe(true)
    expect(isTagged(root, '1.2.4')).toBe(false)
    git('commit', '--quiet', '--allow-empty', '-m', 'second')
    expect(isTagged(root, '1.2.3')).toBe(false)
  })
})

describe('tools/release/sources: exportCommit', () => {
  it('writes what was committed and nothing else, none of the packages that are installed', () => {
    writeFileSync(join(root, 'a'), 'changed')
    writeFileSync(join(root, 'ignored'), '')
    const project = join(folder, 'to', 'project')
    mkdirSync(join(folder, 'to'))
    exportCommit(root, 'HEAD', project)
    expect(readFileSync(join(project, 'a'), 'utf8')).toBe('committed')
    expect(existsSync(join(project, 'ignored'))).toBe(false)
    expect(existsSync(join(project, 'node_modules'))).toBe(false)
  })
})

describe('tools/release/sources: installPackages', () => {
  /** A project of one package, `a`, whose file is in it. */
  const makeProject = (): void => {
    const write = (file: string, content: object) => writeFileSync(join(root, file), JSON.stringify(content))
    mkdirSync(join(root, 'package'))
    write('package/package.json', { name: 'a', version: '1.0.0' })
    execFileSync('tar', ['-czf', 'a.tgz', 'package'], { cwd: root })
    const digest = createHash('sha512').update(readFileSync(join(root, 'a.tgz')))
    const integrity = `sha512-${digest.digest('base64')}`
    const project = { name: 'p', version: '1.0.0', dependencies: { a: 'file:a.tgz' } }
    const a = { version: '1.0.0', resolved: 'file:a.tgz', integrity }
    write('package.json', project)
    write('package-lock.json', { lockfileVersion: 3, packages: { '': project, 'node_modules/a': a } })
  }
  const install = () => installPackages(root, { ...process.env, npm_config_cache: join(folder, 'cache') })

  it('installs what the lockfile names in the place of what was there', async () => {
    makeProject()
    mkdirSync(join(root, 'node_modules', 'a'))
    writeFileSync(join(root, 'node_modules', 'a', 'package.json'), '{"edited":true}')
    await install()
    expect(readFileSync(join(root, 'node_modules', 'a', 'package.json'), 'utf8')).toBe(
      '{"name":"a","version":"1.0.0"}',
    )
  })

  it('refuses a package with another digest than the lockfile has', async () => {
    makeProject()
    writeFileSync(join(root, 'package', 'index.js'), '')
    execFileSync('tar', ['-czf', 'a.tgz', 'package'], { cwd: root })
    await expect(install()).rejects.toThrow('EINTEGRITY')
  })
})
