import { describe, expect, it } from 'vitest'
import { personName, text } from '../../../lib/schemas/text.ts'
import { TEXT_RULES } from '../../../lib/schemas/text-rules.ts'
import { textPattern } from '../../../tools/interface/text-pattern.ts'
import { BAD_TEXTS, GOOD_TEXTS, SPELLINGS } from '../../support/texts.ts'

const pattern = textPattern(TEXT_RULES)
const takes = (value: string): boolean => new RegExp(pattern, 'u').test(value)

/** What only the words of the document say. */
const LEFT_TO_WORDS = [
  'expected whole characters',
  'expected joiners only where a script is spelt with them',
  'expected a visible character',
]

describe('tools/interface/text-pattern', () => {
  it.each(GOOD_TEXTS)('takes %s', (_, good) => {
    expect(takes(good)).toBe(true)
  })

  it.each(SPELLINGS)('takes a name however it is spelt: %s', (_, given) => {
    expect(takes(given)).toBe(true)
  })

  it.each(BAD_TEXTS.filter(([, , says]) => !LEFT_TO_WORDS.includes(says)))('refuses %s', (_, bad) => {
    expect(takes(bad)).toBe(false)
    expect(takes('Tom')).toBe(true)
  })

  it('refuses no text that a name or another text may be: of every code point, within and alone', () => {
    const pattern = new RegExp(textPattern(TEXT_RULES), 'u')
    const [name, other] = [personName(), text(8)]
    const wrong: string[] = []
    // One in seven, and all of the first plane's first half: a whole run takes ten seconds.
    for (let point = 0; point <= 0x10ffff; point += point < 0x4000 ? 1 : 7) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const character = String.fromCodePoint(point)
      for (const value of [character, `a${character}a`])
        if (!pattern.test(value) && (other.safeParse(value).success || name.safeParse(value).success))
          wrong.push(`U+${point.toString(16)}`)
    }
    expect(wrong).toEqual([])
  })

  it('has no class, flag or escape that other languages read in another way', () => {
    // Ranges, groups, and \uXXXX alone: no \p, no \u{…}, no look-around.
    expect(pattern.replace(/\\u[0-9a-f]{4}|[\u{10000}-\u{10ffff}]/gu, 'x')).toMatch(
      /^\^\[\^?[x-]+\]\(\[\^?[x-]+\]\*\[\^?[x-]+\]\)\?\$$/,
    )
  })

  it('has the characters of a stage that allows some alone', () => {
    const digits = textPattern([
      ...TEXT_RULES,
      { refused: String.raw`[^\u{30}-\u{39}]`, says: 'expected digits' },
    ])
    expect(digits).toBe(String.raw`^[\u0030-\u0039]([\u0030-\u0039]*[\u0030-\u0039])?$`)
  })
})
