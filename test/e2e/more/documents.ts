/** The shell blocks of the documents: what each shall print, and which cannot run here. */

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escaped } from '../../../.ci/conformance/names.ts'
import { PROJECT_ROOT } from '../../../tools/local/offline-process.ts'
import { blocksOf } from '../../support/markdown.ts'

export interface ShellBlock {
  readonly text: string
  /** What the document shows behind it, where it shows something. `…` stands for what differs. */
  readonly shown: string | undefined
}

export interface Page {
  readonly path: string
  readonly blocks: readonly ShellBlock[]
}

const AWS =
  'it needs an AWS account; npm run rehearse, test/key-runbooks.test.ts and test/tools/operator do such at emulators'
const STAYS = 'two programs that stay; test/browser starts both'
const HERE = 'the stage that this suite runs on; test/e2e/start.test.ts starts it and pastes what it prints'

const RELEASE = 'it installs packages or writes keys; test/release makes and checks a release'

/**
 * What no block that runs may hold: it would work on an account, on the home folder, or on this clone's own packages, of whoever runs the
 * test. Whatever a document shows anew of that kind is left out without a row below.
 */
const NEVER: readonly { readonly has: RegExp; readonly why: string }[] = [
  { has: /^\s*aws |\$REGION|--region (?!local)|--stage (?!local)|serverless (deploy|remove)/m, why: AWS },
  { has: /~\/|\bcdk\b|\bcosign\b|\bnpm (ci|install|version)\b|npm run release/, why: RELEASE },
]

/** By the first line of a block that no test here runs: why, and which does. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci': HERE,
  'npm start -- --param=corsOrigins=http://localhost:8080': STAYS,
  "npm run tenant -- add acme-1                              # asks for CEC's values, checks them, and makes the secret":
    'it asks in a terminal; test/tools/operator answers',
  'TOKEN="ccmessaging-token: $CHAT"':
    'it shows a file in part; test/functions and test/e2e/more/vendors.test.ts send whole ones',
}

export const firstLineOf = ({ text }: ShellBlock): string => text.split('\n')[0] ?? ''

/** Pages whose commands set all that they use. The others say that they go on where docs/start.md stopped. */
export const WHOLE = ['README', 'docs/start', 'docs/integrate'].flatMap((name) => [
  `${name}.md`,
  `${name}.zh-CN.md`,
])

/** `examples/README.md` has a suite of its own, and the changelog tells what was. */
const ELSEWHERE = ['CHANGELOG.md', 'examples/README.md']

export const blocksIn = (markdown: string): readonly ShellBlock[] => {
  const blocks = blocksOf(markdown)
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh') return []
    const next = blocks[index + 1]
    return [{ text, shown: next?.language === 'json' ? next.text : undefined }]
  })
}

const PATHS = globSync(['*.md', 'client/*.md', 'docs/**/*.md', 'events/*.md'], { cwd: PROJECT_ROOT })

export const PAGES: readonly Page[] = PATHS.filter((path) => !ELSEWHERE.includes(path))
  .sort()
  .map((path) => ({ path, blocks: blocksIn(readFileSync(join(PROJECT_ROOT, path), 'utf8')) }))
  .filter(({ blocks }) => blocks.length > 0)

export const runs = (block: ShellBlock): boolean =>
  NOT_RUN[firstLineOf(block)] === undefined && !NEVER.some(({ has }) => has.test(block.text))

/** What is printed must be what is shown, line by line. */
export const patternOf = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .trimEnd()
      .split('…')
      .map((piece) => escaped(piece))
      .join('.*?')}$`,
  )
