import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../identity-providers/processes.ts'
import { run } from '../process.ts'
import { type Server, startServer } from '../server.ts'
import { PAGES, type Page, patternOf, runs, WHOLE } from './documents.ts'

/** As docs/start.md sets them. curl says nothing of its progress, and ends an answer with a line break. */
const GOES_ON = `export CALLER_KEY=ctb_local-development-only API=http://127.0.0.1:3000
AUTH="Authorization: Bearer $CALLER_KEY" JSON='Content-Type: application/json'
curl() { command curl -sS -w '\\n' "$@"; }
`

/** A command that should not be here finds no account of whoever runs the test. */
const WITHOUT_ACCOUNT = {
  ...{
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  },
  ...{
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
  },
}

const home = mkdtempSync(join(tmpdir(), 'documents-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** What each block of a page prints, in one shell from the first to the last, as a reader has one. */
const printed = async ({ path, blocks }: Page, { url }: Server): Promise<readonly string[]> => {
  const port = await freePort()
  const script = [
    WHOLE.includes(path) ? '' : GOES_ON,
    ...blocks.filter(runs).map(({ text }) => `${text}printf '@@ %s\\n' "$?"\n`),
  ]
    .join('\n')
    .replaceAll('http://127.0.0.1:3000', url)
    .replaceAll('8082', String(port))
  const { stdout, stderr } = await run('bash', ['-c', script], {
    env: { PORT: new URL(url).port, HOME: home, ...WITHOUT_ACCOUNT },
  })
  const parts = stdout.split(/^@@ (\d+)\n/m)
  const failed = parts.filter((_, index) => index % 2 === 1).filter((status) => status !== '0')
  expect({ failed, stderr }).toEqual({ failed: [], stderr: '' })
  return parts.filter((_, index) => index % 2 === 0)
}

const RUN = PAGES.filter(({ blocks }) => blocks.some(runs)).map((page) => [page.path, page] as const)

describe('the commands of the documents', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it.each(RUN)('%s: each block runs on the stage, and prints what is shown', async (_, page) => {
    const outputs = await printed(page, server)
    for (const [index, { shown, text }] of page.blocks.filter(runs).entries())
      if (shown !== undefined) expect(outputs[index]?.trimEnd(), text).toMatch(patternOf(shown))
  })

  it('notices a command that fails, and an answer that is another one', async () => {
    const page = (text: string): Page => ({ path: 'x.md', blocks: [{ text, shown: undefined }] })
    await expect(printed(page('false\n'), server)).rejects.toThrow(/failed/)
    await expect(printed(page('curl http://127.0.0.1:1\n'), server)).rejects.toThrow(/failed|stderr/)
    const [key = ''] = await printed(page('curl "$API/users" -X PUT -H "$JSON" -d "{}"\n'), server)
    expect(key.trimEnd()).toMatch(patternOf('{"code":"UNAUTHENTICATED",…}\n'))
    expect(key.trimEnd()).not.toMatch(patternOf('{"code":"UNAUTHENTICATED"}\n'))
  })
})
