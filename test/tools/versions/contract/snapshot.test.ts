import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { joined } from '../../../../tools/versions/contract/facts.ts'
import {
  readSnapshot,
  releasedSnapshot,
  type Snapshot,
  writeSnapshot,
} from '../../../../tools/versions/contract/snapshot.ts'
import { gitOf } from '../../../../tools/versions/previous.ts'

const folder = mkdtempSync(join(tmpdir(), 'snapshot-'))
afterAll(() => rmSync(folder, { recursive: true }))

const contractFolder = join(folder, 'docs', 'contract')
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder })
const of = (version: string, ...names: readonly string[]): Snapshot => ({
  version,
  contract: { logs: joined({ gives: Object.fromEntries(names.map((name) => [name, true])) }) },
})
const commit = (snapshot: Snapshot) => {
  writeSnapshot(snapshot, contractFolder)
  git('add', '.')
  git('commit', '-qm', 'x')
}
const tag = (version: string) => git('tag', '-a', `v${version}`, '-m', version)
const released = () => releasedSnapshot(gitOf(folder))

describe('tools/versions/contract/snapshot', () => {
  it('is read as it was written', () => {
    writeSnapshot(of('1.0.0', 'a'), contractFolder)
    expect(readSnapshot(contractFolder)).toEqual(of('1.0.0', 'a'))
  })

  it('of the release is what the last tag has, whatever was written or committed since then', () => {
    git('init', '-q')
    commit(of('1.0.0', 'a'))
    expect(released()).toBeUndefined()
    tag('1.0.0')
    expect(released()).toEqual(of('1.0.0', 'a'))
    commit(of('1.1.0', 'a', 'b'))
    writeFileSync(join(contractFolder, 'logs.json'), '{}')
    expect(released()).toEqual(of('1.0.0', 'a'))
    writeSnapshot(of('1.1.0', 'a', 'b'), contractFolder)
    tag('1.1.0')
    expect(released()).toEqual(of('1.1.0', 'a', 'b'))
  })

  it('has the version of the tag, though the file was forgotten', () => {
    git('commit', '-q', '--allow-empty', '-m', 'forgotten')
    tag('1.2.0')
    expect(released()).toEqual(of('1.2.0', 'a', 'b'))
  })

  it('of the release is none where the tag has no contract', () => {
    git('rm', '-rqf', 'docs')
    writeFileSync(join(folder, 'file'), '')
    git('add', '.')
    git('commit', '-qm', 'none')
    tag('1.3.0')
    expect(released()).toBeUndefined()
  })
})
