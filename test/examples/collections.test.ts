import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { collectionFiles, committedFiles } from '../../tools/collections/files.ts'
import { LOCAL_CALLER_KEY } from '../../tools/local/constants.ts'
import { finished } from './process.ts'
import { COLLECTIONS, missing } from './programs.ts'

const stage = inject('stage')

/** Method and path of every operation. */
const operations = Object.entries(
  (JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as { paths: Record<string, object> }).paths,
).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))

interface PostmanItem {
  readonly item?: readonly PostmanItem[]
  readonly request?: { readonly method: string; readonly url: { readonly path: readonly string[] } }
}

const inPostman = ({ item = [], request }: PostmanItem): readonly string[] => [
  ...(request === undefined ? [] : [`${request.method} /${request.url.path.join('/')}`]),
  ...item.flatMap(inPostman),
]

const inBruno = (text: string): readonly string[] =>
  [...text.matchAll(/^(get|post|put|delete) \{\n {2}url: \{\{baseUrl\}\}([^?\n]*)/gm)].map(
    ([, method = '', path = '']) => `${method.toUpperCase()} ${path}`,
  )

describe('examples: the collections', () => {
  const files = committedFiles()
  const postman = files['examples/postman/cec-token-bridge.postman_collection.json'] ?? '{}'

  it.each(Object.values(COLLECTIONS).slice(0, 1))(
    'are what `npm run collections` makes of the document',
    async ({ needs }) => {
      if (missing('the drift test', needs) === undefined) expect(files).toEqual(await collectionFiles())
    },
  )

  it('have every operation of the document once, and no other', () => {
    expect(Object.values(files).flatMap(inBruno).sort()).toEqual([...operations].sort())
    expect([...inPostman(JSON.parse(postman))].sort()).toEqual([...operations].sort())
  })

  it('hold neither a caller key nor a token', () => {
    for (const text of Object.values(files)) expect(text).not.toMatch(/ctb_|eyJ/)
    expect(files['examples/bruno/environments/local.bru']).toContain('{{process.env.CALLER_KEY}}')
  })
})

/** How many requests were made, and how many had another answer than the expected one, as each client prints it. */
const COUNTS: Readonly<Record<string, RegExp>> = {
  Bruno: /Requests\D*(\d+) \((?<passed>\d+) Passed/,
  Postman: /requests\D*(\d+)\D*(\d+)/,
}

describe.each(Object.entries(COLLECTIONS))('examples: the collection of %s', (client, program) => {
  const lack = missing(client, program.needs)
  const option = client === 'Bruno' ? '--env-var baseUrl=$API)' : '--env-var baseUrl=$API'
  const command = program.run.replace(/\)?$/, ` ${option}`)
  beforeEach(({ skip }) => skip(lack !== undefined, lack))

  it('makes every request against the stage, and each has the expected answer', async () => {
    const { code, output } = await finished(command, { API: stage, CALLER_KEY: LOCAL_CALLER_KEY })

    console.log(output.slice(-1_500))
    expect({ code, requests: COUNTS[client]?.exec(output)?.[1] }, output).toEqual({
      code: 0,
      requests: String(operations.length),
    })
  })

  it('fails with a key that nobody has', async () => {
    const { code, output } = await finished(command, { API: stage, CALLER_KEY: 'ctb_unknown' })

    expect(code).toBe(1)
    expect(output).toContain('401')
  })
})
