import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../../tools/local/offline-process.ts'
import { assertInstalled } from '../../../tools/rehearse/python.ts'

const LISTS = ['requirements.txt', 'scan/requirements.txt'].map((list) =>
  join(PROJECT_ROOT, 'tools/rehearse', list),
)
const SENTENCE = 'npm run rehearse -- --install puts them into .python'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** As an installation leaves it: in each place, a copy of the list. */
const makeOf = (lists: readonly string[]) => {
  for (const [index, list] of lists.entries()) {
    const place = join(folder, index === 0 ? '.' : 'checkov')
    mkdirSync(place, { recursive: true })
    copyFileSync(list, join(place, 'requirements.txt'))
  }
}

describe('tools/rehearse/python', () => {
  it('says how to make the environment when there is none', () => {
    expect(() => assertInstalled(join(folder, 'not-there'))).toThrow(SENTENCE)
  })

  it('says it for one that was made of another list', () => {
    makeOf(LISTS)
    writeFileSync(join(folder, 'requirements.txt'), 'ministack==1.0.0\n')
    expect(() => assertInstalled(folder)).toThrow(SENTENCE)
  })

  it('takes one that was made of these lists', () => {
    makeOf(LISTS)
    expect(() => assertInstalled(folder)).not.toThrow()
  })

  it('says it where checkov, which has a list of its own, is not there', () => {
    makeOf(LISTS.slice(0, 1))
    expect(() => assertInstalled(folder)).toThrow(SENTENCE)
  })
})
