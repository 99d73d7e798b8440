import { afterAll, describe, expect, it } from 'vitest'
import { HISTORIES, MISTAKES, MODES, matrixOf } from '../lib/signing-keys/mistakes.ts'

let all = 0
let broken = 0
afterAll(() => console.log(`rotation and mistakes: ${broken} of ${all} cases break`))

describe.each(Object.keys(HISTORIES))(
  'a mistake with the secrets of the key ring, rotations %s',
  (history) => {
    describe.each(Object.keys(MODES))('%s', (mode) => {
      it.each(Object.keys(MISTAKES))('%s: nothing breaks', { timeout: 300_000 }, async (mistake) => {
        const found = await matrixOf({ history, mode, mistake })
        all += found.cases
        broken += found.broken.length
        expect(found.broken).toEqual([])
        expect(found.cases).toBeGreaterThan(5)
      })
    })
  },
)
