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

const AWS = 'it needs an AWS account; npm run rehearse does it at an emulator'
const KEYS = 'it needs an AWS account; test/key-runbooks.test.ts does it at an emulator'
const STAYS = 'two programs that stay; test/browser starts both'
const HERE = 'the stage that this suite runs on; test/e2e/start.test.ts starts it and pastes what it prints'

/** By the first line of a block that no test here runs: why, and which does. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci': HERE,
  'npm ci && npm test': 'the gate itself, which runs before this suite',
  'npm start -- --param=corsOrigins=http://localhost:8080': STAYS,
  'npx serverless deploy --stage prod --region eu-west-1': AWS,
  'npm run adopt -- --stage prod --region eu-west-1': AWS,
  "npm run callers -- move --stage prod --region eu-west-1          # the secret's entries into the table, which the functions then ask":
    'it needs an AWS account; test/tools/operator does it at emulators',
  "npm run tenant -- add acme-1                              # asks for CEC's values, checks them, and makes the secret":
    'it asks in a terminal; test/tools/operator answers',
  "aws ec2 describe-nat-gateways --filter Name=vpc-id,Values=<vpc> --query 'NatGateways[].NatGatewayAddresses[].PublicIp'":
    'it needs a VPC in an AWS account',
  'aws secretsmanager describe-secret --region eu-west-1 --secret-id cec-token-bridge/prod/signing-key --query VersionIdsToStages':
    KEYS,
  'aws secretsmanager describe-secret --region eu-west-1 --secret-id cec-token-bridge/prod/jwks --query VersionIdsToStages':
    KEYS,
  'aws secretsmanager restore-secret --region eu-west-1 --secret-id cec-token-bridge/prod/signing-key': KEYS,
  'npm run rotate -- --stage prod --region eu-west-1 --begin-anew': KEYS,
  'npm run rotate -- --stage prod --region eu-west-1 --compromised': KEYS,
  'npm run rotate -- --stage prod --region eu-west-1': KEYS,
  'TOKEN="ccmessaging-token: $CHAT"':
    'it shows a file in part; test/functions and test/e2e/vendors.test.ts send whole ones',
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

export const runs = (block: ShellBlock): boolean => NOT_RUN[firstLineOf(block)] === undefined

/** What is printed must be what is shown, line by line. */
export const patternOf = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .trimEnd()
      .split('…')
      .map((piece) => escaped(piece))
      .join('.*?')}$`,
  )
