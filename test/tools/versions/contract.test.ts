/** What others hold on to is what docs/contract/ says, or package.json has the version that the change asks for. */

import { describe, expect, it } from 'vitest'
import { joined } from '../../../tools/versions/contract/facts.ts'
import {
  readSnapshot,
  releasedSnapshot,
  type Snapshot,
  versionNow,
} from '../../../tools/versions/contract/snapshot.ts'
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
    const judged = judge(releasedSnapshot() ?? committed, now)
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

  it('has the claims that a token must have, as demands too: tokens of before are without a new one', () => {
    const { demands, gives } = now.contract['tokens'] ?? joined()
    expect(demands).toEqual(expect.arrayContaining(['enterprise.sub', 'access.scope', 'agent.sub']))
    expect(demands.filter((path) => !String(gives[path]).endsWith('always'))).toEqual([])
  })

  it('has what each code tells, so that another kind of it is a break', () => {
    const errors = now.contract['errors'] ?? joined()
    expect(errors.gives['code BODY_MISSING']).toBe('MALFORMED, retCode 1')
    const refused = errors.gives['code CALLER_UNKNOWN'] ?? ''
    const other = joined(errors, { gives: { 'code BODY_MISSING': refused } })
    const contract = { ...now.contract, errors: other }
    expect(judge(now, { ...now, contract }).changes).toEqual([
      {
        level: 'major',
        says: 'errors: code BODY_MISSING: MALFORMED, retCode 1 is now UNAUTHENTICATED, retCode 6',
      },
    ])
  })

  it('has routes that anybody may call, and who may call the others', () => {
    const { takes } = now.contract['routes'] ?? joined()
    expect(takes['GET /.well-known/jwks.json for anybody']).toBe(true)
    expect(takes['PUT /users for callerKey users:write']).toBe(true)
    expect(takes['PUT /users for anybody']).toBeUndefined()
    expect(now.contract['routes']?.demands).toContain('PUT /users body')
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

  it('writes what the version may have since the last tag, whatever was written since then', () => {
    const released = of('1.0.0', 'a')
    const addition = of('1.1.0', 'a', 'b')
    expect(() => assertMayWrite({ released, committed: released }, of('1.0.0', 'a', 'b'), false)).toThrow(
      /^The changes since 1\.0\.0 ask for 1\.1\.0\. Set "version" of package\.json to it first\.$/,
    )
    expect(() => assertMayWrite({ released, committed: released }, addition, false)).not.toThrow()
    // The addition is written by now: what it adds may go again, and what was released may not.
    expect(() => assertMayWrite({ released, committed: addition }, of('1.1.0', 'a'), false)).not.toThrow()
    for (const isUnreleased of [false, true])
      expect(() => assertMayWrite({ released, committed: addition }, of('1.1.0', 'b'), isUnreleased)).toThrow(
        'The changes since 1.0.0 ask for 2.0.0.',
      )
  })

  it('takes the committed contract for released where no tag says it, unless it is told otherwise', () => {
    const bases = { released: undefined, committed: of('1.1.0', 'a', 'b') }
    expect(() => assertMayWrite(bases, of('1.1.0', 'b'), false)).toThrow(
      'The changes since 1.1.0 ask for 2.0.0. Set "version" of package.json to it first. This clone has no tag of a release: git fetch --tags gets them. ' +
        'Where 1.1.0 is no release yet: npm run contract -- --write --unreleased.',
    )
    expect(() => assertMayWrite(bases, of('1.1.0', 'b'), true)).not.toThrow()
    expect(() => assertMayWrite(bases, of('1.1.0', 'a', 'b'), false)).not.toThrow()
  })
})
