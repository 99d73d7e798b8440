import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../../tools/local/offline-process.ts'
import { assertInstalled } from '../../../tools/rehearse/python.ts'

const REQUIREMENTS = join(PROJECT_ROOT, 'tools/rehearse/requirements.txt')
const SENTENCE = 'npm run rehearse -- --install puts them into .python'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('tools/rehearse/python', () => {
  it('says how to make the environment when there is none', () => {
    expect(() => assertInstalled(join(folder, 'not-there'))).toThrow(SENTENCE)
  })

  it('says it for one that was made of another list', () => {
    writeFileSync(join(folder, 'requirements.txt'), 'ministack==1.0.0\n')
    expect(() => assertInstalled(folder)).toThrow(SENTENCE)
  })

  it('takes one that was made of this list', () => {
    copyFileSync(REQUIREMENTS, join(folder, 'requirements.txt'))
    expect(() => assertInstalled(folder)).not.toThrow()
  })
})
