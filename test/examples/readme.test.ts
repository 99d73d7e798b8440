import { readFileSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { LOCAL_CALLER_KEY } from '../../tools/local/constants.ts'
import { run } from './process.ts'
import { BACK_ENDS, COLLECTIONS, missing, type Program, VERIFIERS } from './programs.ts'

const README = readFileSync('examples/README.md', 'utf8')
/** Fenced blocks of the section, without their fences. */
const blocks = (title: string): readonly string[] =>
  [
    ...(README.split(/^## /m).find((text) => text.startsWith(title)) ?? '').matchAll(/```\w*\n(.*?)```/gs),
  ].map(([, text = '']) => text)

const TABLES: Readonly<Record<string, Readonly<Record<string, Program>>>> = {
  'back end': BACK_ENDS,
  verifier: VERIFIERS,
  collection: COLLECTIONS,
}

describe('examples/README.md', () => {
  it.each(
    Object.entries(TABLES).flatMap(([kind, programs]) =>
      Object.entries(programs).map(([name, program]) => [kind, name, program] as const),
    ),
  )('has the commands of the %s in %s', (_, __, { build, run: command, needs }) => {
    const shown = [command, build ?? (needs.install.startsWith('npm') ? needs.install : '–')]
    for (const text of shown) expect(README).toContain(text)
  })
})

describe('examples/README.md: its verifiers', () => {
  const lacks = Object.entries(VERIFIERS).map(([name, { needs }]) => missing(name, needs))
  const lack = lacks.find((sentence) => sentence !== undefined)
  beforeEach(({ skip }) => skip(lack !== undefined, lack))
  beforeAll(async () => {
    if (lack === undefined) for (const { build = 'true' } of Object.values(VERIFIERS)) await run(build)
  })

  it('print what it says when its lines are pasted', async () => {
    const [lines = '', printed] = blocks('Verifiers')

    expect(await run(lines, { API: inject('stage'), CALLER_KEY: LOCAL_CALLER_KEY })).toBe(printed)
  })
})
