import { describe, expect, it } from 'vitest'
import { progressOn } from '../../../tools/local/progress.ts'

const shownOn = (isTTY: boolean): string => {
  const shown: string[] = []
  let nowMs = 5_000
  const progress = progressOn({ isTTY, write: (text) => shown.push(text) }, () => nowMs)
  progress('begins')
  nowMs += 12_900
  progress('goes on')
  return shown.join('')
}

describe('tools/local/progress', () => {
  it('says each step with the seconds that have gone by', () => {
    expect(shownOn(true)).toBe('   0 s  begins\n  12 s  goes on\n')
  })

  it('says nothing where no person looks on', () => {
    expect(shownOn(false)).toBe('')
  })
})
