import { describe, expect, it } from 'vitest'
import { identifier, nfc, personName, text } from '../../../lib/schemas/text.ts'
import { TEXT_RULES } from '../../../lib/schemas/text-rules.ts'
import { BAD_TEXTS, GOOD_TEXTS, SPELLINGS } from '../../support/texts.ts'

const KINDS = { name: personName(), id: identifier(32), text: text(32) }
const kinds = Object.entries(KINDS)

describe('lib/schemas/text', () => {
  describe.each(kinds)('a %s', (_, schema) => {
    const faults = (value: unknown) =>
      schema.safeParse(value).error?.issues.map(({ message }) => message) ?? []

    it.each(GOOD_TEXTS)('may be %s', (_what, good) => {
      expect(schema.parse(good)).toBe(good)
    })

    it.each(BAD_TEXTS)('has not %s, and is told that alone', (_what, bad, says) => {
      expect(faults(bad)).toEqual([says])
      expect(faults('Tom')).toEqual([])
    })

    it.each([[undefined], [null], [1], [['Tom']], [{}]])('is not %j', (value) => {
      expect(faults(value)).toEqual(['expected a string'])
    })
  })

  it.each([
    ['name', 256],
    ['id', 32],
    ['text', 32],
  ] as const)('counts the code points of a %s: 1 to %i', (kind, most) => {
    const faults = (value: string) => KINDS[kind].safeParse(value).error?.issues.map(({ message }) => message)
    for (const letter of ['a', '\u5f20', '\u{20000}']) {
      expect(faults(letter.repeat(most))).toBeUndefined()
      expect(faults(letter.repeat(most + 1))).toEqual([`expected 1 to ${most} characters`])
    }
    expect(faults('')).toEqual([`expected 1 to ${most} characters`])
  })

  it('looks at nothing else of a text that is too long', () => {
    for (const [kind, schema] of kinds) {
      const { error } = schema.safeParse('\u200c'.repeat(8_000))
      const faults = error?.issues.map(({ message }) => message)
      expect({ kind, faults }).toEqual({
        kind,
        faults: [expect.stringMatching(/^expected 1 to \d+ characters$/)],
      })
    }
  })

  describe.each(SPELLINGS)('%s', (_, given, kept) => {
    it('is brought to form NFC in a name', () => {
      expect(KINDS.name.parse(given)).toBe(kept)
    })

    it('is refused in an id, and taken as NFC has it', () => {
      expect(KINDS.id.safeParse(given).error?.issues.map(({ message }) => message)).toEqual([
        'expected Unicode form NFC',
      ])
      expect(KINDS.id.parse(kept)).toBe(kept)
    })
  })

  it('counts a name as it is kept, and not as it came', () => {
    expect(KINDS.name.parse('e\u0301'.repeat(256))).toBe('\u00e9'.repeat(256))
    expect(KINDS.name.parse('\u1f82'.normalize('NFD').repeat(256))).toBe('\u1f82'.repeat(256))
    expect(KINDS.name.safeParse('e\u0301'.repeat(257)).success).toBe(false)
  })

  it('does no work for a text that is no name, whatever its length', () => {
    const marks = '\u0301\u0323'.repeat(2_000)
    expect(nfc(marks)).toBe(marks)
    expect(nfc('e\u0301')).toBe('\u00e9')
  })
})

describe('lib/schemas/text-rules', () => {
  it('is data: sources of patterns, and what was expected', () => {
    for (const rule of TEXT_RULES) {
      expect(Object.values(rule).every((member) => typeof member === 'string')).toBe(true)
      expect(rule.says).toMatch(/^expected /)
      expect(() => new RegExp('refused' in rule ? rule.refused : rule.required, 'u')).not.toThrow()
    }
    expect(JSON.parse(JSON.stringify(TEXT_RULES))).toEqual(TEXT_RULES)
  })

  it('searches in linear time: half a million characters cost no second', () => {
    const texts = [
      'a\u0301\u0301\u0301\u0301',
      '\u200c',
      '\u0645\u064b\u064b\u064b\u064b\u200c',
      '\u0915\u094d\u200d',
      ' ',
      '\u2800',
    ]
    for (const rule of TEXT_RULES) {
      const pattern = new RegExp('refused' in rule ? rule.refused : rule.required, 'u')
      for (const unit of texts) {
        const began = performance.now()
        pattern.test(`x${unit.repeat(100_000)}x`)
        expect(performance.now() - began).toBeLessThan(1_000)
      }
    }
  })
})
