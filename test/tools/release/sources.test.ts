import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanCommit, exportCommit, isTagged } from '../../../tools/release/sources.ts'

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
