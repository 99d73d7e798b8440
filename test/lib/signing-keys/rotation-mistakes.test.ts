import { describe, expect, it } from 'vitest'
import { HISTORIES, MISTAKES, MODES, matrixOf } from './mistakes.ts'

/** `npm run chaos` goes through all cases: `test/load/rotation-mistakes.test.ts`. */
const EVERY = 23

const [history = ''] = Object.keys(HISTORIES)

describe.each(Object.keys(MODES))(
  `lib/signing-keys/rotation: a mistake, rotations ${history}, %s`,
  (mode) => {
    it.each(Object.keys(MISTAKES))('%s: nothing breaks', { timeout: 60_000 }, async (mistake) => {
      const { cases, broken } = await matrixOf({ history, mode, mistake }, EVERY)
      expect(broken).toEqual([])
      expect(cases).toBeGreaterThan(1)
    })
  },
)
