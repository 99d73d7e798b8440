import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const DOCUMENTS = globSync(['*.md', 'client/*.md', 'docs/*.md', 'examples/*.md'], { cwd: ROOT }).sort()
const contents = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Of the worked examples in CONTRIBUTING.md: a route and a vendor that nobody has made. */
const IMAGINED = /get-?user|acme/i

/** Files and folders that a document names as code. Patterns and placeholders are none. */
const namedPaths = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/`((?:lib|functions|test|tools|events|docs|examples|\.ci)\/[\w./-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !IMAGINED.test(path))

const links = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/\]\((?![a-z]+:)([^)#]+)[^)]*\)/g)].map(([, path = '']) => path)

const missing = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths)].filter((path) => !existsSync(join(ROOT, path)))

describe('documents', () => {
  // A changelog tells what was, under the names of its day.
  it.each(DOCUMENTS.filter((path) => path !== 'CHANGELOG.md'))('%s names files that exist', (document) => {
    expect(missing(namedPaths(contents(document)))).toEqual([])
  })

  it.each(DOCUMENTS)('%s links to files that exist', (document) => {
    expect(
      missing(links(contents(document)).map((path) => normalize(join(dirname(document), path)))),
    ).toEqual([])
  })

  it('are checked for a file that is gone', () => {
    expect(missing(namedPaths('see `lib/errors.ts` and `lib/gone.ts`'))).toEqual(['lib/gone.ts'])
    expect(missing(links('[a](README.md#start) [b](docs/gone.md) [c](https://example.com)'))).toEqual([
      'docs/gone.md',
    ])
  })
})

describe('docs/architecture.md', () => {
  const picture = /```mermaid\nflowchart[\s\S]*?```/.exec(contents('docs/architecture.md'))?.[0] ?? ''
  const rooms = globSync('lib/*', { cwd: ROOT }).map((path) => path.replace(/^lib\/|\.ts$/g, ''))

  it.each(rooms)('has the room %s in its picture', (room) => {
    expect(picture).toMatch(new RegExp(`(^|[\\s/])${room}([\\s/[]|$)`, 'm'))
  })
})

describe('DECISIONS.md', () => {
  const entries = contents('DECISIONS.md').split(/^### /m).slice(1)

  it('says of every decision its date and whether it is in force', () => {
    const undated = entries.filter(
      (entry) => !/^[^\n]+\n20\d\d-\d\d-\d\d · (in force|replaced|no longer)/.test(entry),
    )
    expect(undated).toEqual([])
  })

  it('has every title once', () => {
    const titles = entries.map((entry) => entry.split('\n')[0])
    expect(new Set(titles).size).toBe(titles.length)
  })
})
