import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksIn, firstLineOf, NOT_RUN, PAGES, runs } from './e2e/more/documents.ts'
import { blocksOf, linkFaults } from './support/markdown.ts'

const ROOT = join(import.meta.dirname, '..')
const DOCUMENTS = globSync(
  ['*.md', 'client/*.md', 'docs/*.md', 'docs/reference/*.md', 'events/*.md', 'examples/*.md'],
  { cwd: ROOT },
).sort()
const contents = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
/** A folder has no headings. */
const read = (path: string): string | undefined => {
  const full = join(ROOT, path)
  if (!existsSync(full)) return undefined
  return statSync(full).isDirectory() ? '' : readFileSync(full, 'utf8')
}

/** Of the worked examples in CONTRIBUTING.md: a route and a vendor that nobody has made. */
const IMAGINED = /get-?user|acme/i

/** Files and folders that a document names as code. Patterns and placeholders are none. */
const namedPaths = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/`((?:lib|functions|test|tools|events|docs|examples|\.ci)\/[\w./-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !IMAGINED.test(path))

const missing = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths)].filter((path) => !existsSync(join(ROOT, path)))

describe('documents', () => {
  // A changelog tells what was, under the names of its day.
  it.each(DOCUMENTS.filter((path) => path !== 'CHANGELOG.md'))('%s names files that exist', (document) => {
    expect(missing(namedPaths(contents(document)))).toEqual([])
  })

  it.each(DOCUMENTS)('%s links to files and headings that exist', (document) => {
    const resolve = (path: string): string => join(dirname(document), path)
    expect(linkFaults(contents(document), resolve, read)).toEqual([])
  })

  it('are checked for a file, a heading and a picture that are gone', () => {
    expect(missing(namedPaths('see `lib/errors.ts` and `lib/gone.ts`'))).toEqual(['lib/gone.ts'])
    const page = '## 词汇\n## Two `a` words\n```\n[x](y)\n```\n'
    const bad = '[a](README.md) [b](docs/gone.md) [c](https://example.com) [d](#词汇) [e](#two-a) ![f](x.svg)'
    expect(linkFaults(page + bad, (path) => path, read)).toEqual([
      'docs/gone.md: does not exist',
      '#two-a: has no such heading',
      'x.svg: does not exist',
    ])
    expect(linkFaults(`${page}[e](#two-a-words)`, (path) => path, read)).toEqual([])
  })

  it('stand all in docs/README.md', () => {
    const listed = contents('docs/README.md')
    const pages = DOCUMENTS.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
    expect(pages.filter((path) => !listed.includes(`](${path.slice('docs/'.length)})`))).toEqual([])
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

describe('the shell blocks of the documents', () => {
  it('are run, or have a reason', () => {
    const [block] = blocksIn('```sh\nnpm ci\nnpm start\n```\n')
    expect(block === undefined || runs(block)).toBe(false)
    const firstLines = PAGES.flatMap(({ blocks }) => blocks.map(firstLineOf))
    expect(Object.keys(NOT_RUN).filter((line) => !firstLines.includes(line))).toEqual([])
    expect(PAGES.filter(({ blocks }) => blocks.some(runs)).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['docs/start.md', 'docs/integrate.zh-CN.md']),
    )
  })

  it.each([
    'aws dynamodb delete-table --table-name x',
    'npm run user -- get 1 tom --stage prod',
    'npx serverless deploy',
    'npm ci --prefix examples/cdk',
    'openssl rand -out ~/key 32',
  ])('are never run where they would touch an account or this machine: %s', (text) => {
    expect(runs({ text: `echo a\n${text}\n`, shown: undefined })).toBe(false)
    expect(runs({ text: 'echo a\nnpm run user -- get 1 tom --stage local\n', shown: undefined })).toBe(true)
  })

  it('have no placeholder that a shell would take for a file', () => {
    const placeholder = /<[a-z][\w -]*>|‹/i
    const found = PAGES.flatMap(({ path, blocks }) =>
      blocks.flatMap(({ text }) =>
        text
          .split('\n')
          .filter((line) => placeholder.test(line))
          .map((line) => `${path}: ${line}`),
      ),
    )
    expect(found).toEqual([])
    expect(
      ['npm run user -- get <tenant>', 'curl <control>/calls'].filter((line) => placeholder.test(line)),
    ).toHaveLength(2)
    expect(placeholder.test('npm run import < users.csv > out.txt')).toBe(false)
  })

  it.each(['README', 'docs/start', 'docs/integrate'])('%s has the same ones in both languages', (name) => {
    const code = (path: string) => blocksOf(contents(path)).filter(({ language }) => language !== 'mermaid')
    expect(code(`${name}.zh-CN.md`)).toEqual(code(`${name}.md`))
  })

  it.each([
    ['js', 'back-end.mjs'],
    ['html', 'index.html'],
  ])('docs/integrate.md shows the whole %s of examples/smallest/%s', (language, file) => {
    const shown = blocksOf(contents('docs/integrate.md')).filter((block) => block.language === language)
    expect(shown.map(({ text }) => text)).toEqual([contents(`examples/smallest/${file}`)])
  })

  it('docs/integrate.md has nginx verify the certificate of the vendor that gets visitors’ tokens', () => {
    const [block] = blocksOf(contents('docs/integrate.md')).filter(({ language }) => language === 'nginx')
    expect(block?.text.split('\n')).toEqual(
      expect.arrayContaining([
        '  proxy_ssl_server_name on;',
        expect.stringMatching(/^ {2}proxy_ssl_verify on;/),
      ]),
    )
  })
})
