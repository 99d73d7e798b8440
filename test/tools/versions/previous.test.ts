import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { gitOf, previousRelease } from '../../../tools/versions/previous.ts'

const folder = mkdtempSync(join(tmpdir(), 'previous-'))
afterAll(() => rmSync(folder, { recursive: true }))

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()
const commit = (text: string): string => {
  writeFileSync(join(folder, 'file'), text)
  git('add', '.')
  git('commit', '-qm', text)
  return git('rev-parse', 'HEAD')
}

git('init', '-q')
const first = commit('first')
git('tag', '-a', 'v1.0.0', '-m', '1.0.0')
const second = commit('second')
git('tag', '-a', 'not-a-release', '-m', 'x')
commit('third')

describe('tools/versions/previous', () => {
  it('is the last release that has a tag', () => {
    expect(previousRelease(undefined, gitOf(folder))).toEqual({ name: 'v1.0.0', commit: first })
  })

  it('is the one before, at a commit that has a tag itself', () => {
    git('tag', '-a', 'v1.1.0', '-m', '1.1.0')
    expect(previousRelease(undefined, gitOf(folder)).name).toBe('v1.0.0')
    commit('fourth')
    expect(previousRelease(undefined, gitOf(folder)).name).toBe('v1.1.0')
  })

  it('is the one that is named, by tag or commit', () => {
    expect(previousRelease('v1.0.0', gitOf(folder)).commit).toBe(first)
    expect(previousRelease(second, gitOf(folder))).toEqual({ name: second, commit: second })
    expect(() => previousRelease('v9.0.0', gitOf(folder))).toThrow(
      '--from: this clone has no commit or tag "v9.0.0".',
    )
  })

  it('is a commit that stands in while there is no tag', () => {
    const untagged: typeof git = (...args) => (args[0] === 'describe' ? undefined : args.at(-1)) as string
    const { name, commit: found } = previousRelease(undefined, untagged)
    expect(name).toMatch(/^[0-9a-f]{40}$/)
    expect(found).toBe(`${name}^{commit}`)
  })

  it('says what to do in a clone that has neither', () => {
    expect(() => previousRelease(undefined, () => undefined)).toThrow('git fetch --unshallow --tags')
  })
})
