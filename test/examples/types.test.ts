import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { finished, run } from './process.ts'
import { BACK_ENDS, missing } from './programs.ts'

const EXAMPLE = join('examples', 'typescript')
/** Within the example's packages, so that git, and whoever looks into the example, sees nothing of it. */
const COPIES = join(EXAMPLE, 'node_modules', '.copies')

/** One change each, in the words of the example. */
const WRONG: Readonly<Record<string, readonly [string, string]>> = {
  path: ["'/users'", "'/user'"],
  method: ['api.PUT', 'api.POST'],
  member: ["userName: 'Tom'", "name: 'Tom'"],
  status: ["status: 'active'", "status: 'on'"],
  scope: [
    "scopes: ('chat-token:issue' | 'chat:relay')[] = ['chat-token:issue',",
    "scopes: ('chat-token:issue' | 'users:write' | 'chat:relay')[] = ['chat-token:issue',",
  ],
  answer: ['data.expiresIn', 'data.expires'],
}

const program = BACK_ENDS['TypeScript']

describe('examples: the types of the back end in TypeScript', () => {
  const lack = program && missing('TypeScript', program.needs)
  let output = ''

  beforeAll(async () => {
    if (lack !== undefined) return
    await run(program?.build ?? 'false')
    const source = readFileSync(join(EXAMPLE, 'back-end.ts'), 'utf8').replace('./api.d.ts', '../../api.d.ts')
    mkdirSync(COPIES, { recursive: true })
    const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] }
    writeFileSync(join(COPIES, 'tsconfig.json'), JSON.stringify(config))
    writeFileSync(join(COPIES, 'unchanged.ts'), source)
    for (const [name, [from, to]] of Object.entries(WRONG))
      writeFileSync(join(COPIES, `${name}.ts`), source.replace(from, to))
    output = (await finished(`${EXAMPLE}/node_modules/.bin/tsc --noEmit -p ${COPIES}`, {})).output
  })
  afterAll(() => rmSync(COPIES, { recursive: true, force: true }))
  beforeEach(({ skip }) => skip(lack !== undefined, lack))

  it.each(Object.keys(WRONG))('refuse a wrong %s', (name) => {
    expect(output).toMatch(new RegExp(`\\.copies/${name}\\.ts\\(\\d+,\\d+\\): error TS`))
  })

  it('take the example as it stands', () => {
    expect(output).not.toContain('unchanged.ts')
    expect(output).not.toBe('')
  })
})
