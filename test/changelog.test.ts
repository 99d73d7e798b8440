import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isAtLeast } from '../tools/versions/contract/compare.ts'
import { versionNow } from '../tools/versions/contract/snapshot.ts'

const text = readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8')

const VERSION = /^\d+\.\d+\.\d+$/

interface Section {
  readonly title: string
  readonly text: string
}

const sectionsIn = (changelog: string): readonly Section[] =>
  changelog
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ title: section.split('\n')[0] ?? '', text: section }))

/** What is wrong with it, for a release of this version. */
const faultsOf = (changelog: string, version: string): string[] => {
  const sections = sectionsIn(changelog)
  const versions = sections.map(({ title }) => title).filter((title) => VERSION.test(title))
  return [
    ...sections
      .filter(({ title }) => title !== 'Unreleased' && !VERSION.test(title))
      .map(({ title }) => `${title}: expected a version`),
    ...sections
      .filter(({ text: own }) => !/^\*\*Upgrade\*\*$/m.test(own))
      .map(({ title }) => `${title}: has no upgrade note`),
    ...versions
      .filter((title, at) => at > 0 && isAtLeast(title, versions[at - 1] ?? ''))
      .map((title) => `${title}: expected the newest version first`),
    ...(versions.includes(version) || sections[0]?.title === 'Unreleased'
      ? []
      : [`${version}: has no section`]),
  ]
}

const NOTE = '\n\n**Upgrade**\n\nNothing to do.\n\n'

describe('CHANGELOG.md', () => {
  it('has a section for the version, and an upgrade note in each', () => {
    expect(faultsOf(text, versionNow())).toEqual([])
  })

  it.each([
    ['## 1.1.0\n\n- x\n', '1.1.0', '1.1.0: has no upgrade note', `## 1.1.0${NOTE}`],
    [
      `## 1.0.0${NOTE}## 1.1.0${NOTE}`,
      '1.1.0',
      '1.1.0: expected the newest version first',
      `## 1.1.0${NOTE}## 1.0.0${NOTE}`,
    ],
    [`## 1.0.0${NOTE}`, '1.1.0', '1.1.0: has no section', `## Unreleased${NOTE}## 1.0.0${NOTE}`],
    [`## Soon${NOTE}## 1.0.0${NOTE}`, '1.0.0', 'Soon: expected a version', `## 1.0.0${NOTE}`],
  ])('%j for %s is found: %s', (changelog, version, fault, twin) => {
    expect(faultsOf(changelog, version)).toContain(fault)
    expect(faultsOf(twin, version)).toEqual([])
  })
})
