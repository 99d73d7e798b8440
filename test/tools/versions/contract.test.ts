/** What others hold on to is what docs/contract/ says, or package.json has the version that the change asks for. */

import { describe, expect, it } from 'vitest'
import { joined } from '../../../tools/versions/contract/facts.ts'
import { readSnapshot, type Snapshot, versionNow } from '../../../tools/versions/contract/snapshot.ts'
import { contractNow } from '../../../tools/versions/contract/subjects.ts'
import { assertMayWrite, judge, judgedText } from '../../../tools/versions/contract.ts'

const of = (version: string, ...gives: readonly string[]): Snapshot => ({
  version,
  contract: { logs: joined({ gives: Object.fromEntries(gives.map((name) => [name, true])) }) },
})

describe('docs/contract', () => {
  const committed = readSnapshot()
  const now: Snapshot = { version: versionNow(), contract: contractNow() }

  it('has every subject, and package.json a version that the changes since then may have', () => {
    // npm run contract says the same. A change that is meant: the version of package.json, then npm run contract -- --write.
    const judged = judge(committed, now)
    expect(judged.fits ? [] : judged.changes).toEqual([])
    expect(Object.keys(committed.contract)).toEqual(Object.keys(now.contract).sort())
  })

  it.each(Object.keys(committed.contract))('finds whatever is taken out of %s', (subject) => {
    const facts = now.contract[subject] ?? joined()
    const all = [...Object.keys(facts.gives), ...Object.keys(facts.takes), ...facts.demands]
    expect(all.length).toBeGreaterThan(10)
    const { changes } = judge(now, { ...now, contract: { ...now.contract, [subject]: joined() } })
    expect(changes).toHaveLength(all.length)
    expect(changes.filter(({ level }) => level === 'minor')).toHaveLength(facts.demands.length)
  })
})

describe('tools/versions/contract', () => {
  it('names each break, and the version that it asks for', () => {
    const judged = judge(of('1.0.0', 'code A', 'code B'), of('1.0.0', 'code B', 'code C'))
    expect(judged).toMatchObject({ least: '2.0.0', fits: false })
    expect(judgedText(judged, '1.0.0', '1.0.0').split('\n')).toEqual([
      'major  logs: no longer gives code A',
      'minor  logs: gives code C',
      'Since 1.0.0 that is 2 changes, which ask for 2.0.0. package.json says 1.0.0: that is too little.',
    ])
  })

  it('takes a version that is great enough, and any where nothing has changed', () => {
    expect(judge(of('1.0.0', 'a'), of('2.0.0')).fits).toBe(true)
    expect(judge(of('1.0.0'), of('1.1.0', 'a')).fits).toBe(true)
    expect(judge(of('1.0.0'), of('1.0.1', 'a')).fits).toBe(false)
    const same = judge(of('1.0.0', 'a'), of('1.0.0', 'a'))
    expect(same.fits).toBe(true)
    expect(judgedText(same, '1.0.0', '1.0.0')).toBe('Nothing that others hold on to has changed since 1.0.0.')
  })

  it('writes over the contract of no release with another one', () => {
    const released = (version: string) => version === '1.0.0'
    expect(() => assertMayWrite(of('1.0.0', 'a'), of('1.0.0', 'a', 'b'), released)).toThrow(
      '1.0.0 is released, and the changes since then ask for 1.1.0. Set "version" of package.json to it first.',
    )
    expect(() => assertMayWrite(of('1.0.0', 'a'), of('1.1.0', 'a', 'b'), released)).not.toThrow()
    expect(() => assertMayWrite(of('1.0.0', 'a'), of('1.0.0', 'a', 'b'), () => false)).not.toThrow()
  })
})
