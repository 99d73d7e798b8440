import { describe, expect, it } from 'vitest'
import { TEXT_RULES } from '../../../lib/schemas/text-rules.ts'
import { BAD_TEXTS, GOOD_TEXTS } from '../../support/texts.ts'

const sourceOf = (rule: (typeof TEXT_RULES)[number]) => ('refused' in rule ? rule.refused : rule.required)
const breaks = (rule: (typeof TEXT_RULES)[number], text: string) =>
  new RegExp(sourceOf(rule), 'u').test(text) === 'refused' in rule

// What schemas make of the table is tried in text.test.ts.
describe('lib/schemas/text-rules: TEXT_RULES', () => {
  it('says one thing per rule, each beginning with "expected"', () => {
    const sentences = TEXT_RULES.map(({ says }) => says)
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const says of sentences) expect(says).toMatch(/^expected /)
  })

  it.each(TEXT_RULES)('has, for "$says", a text that breaks that rule first', (rule) => {
    const first = BAD_TEXTS.filter(([, text]) => TEXT_RULES.find((one) => breaks(one, text)) === rule)
    expect(first.length).toBeGreaterThan(0)
    for (const [, , says] of first) expect(says).toBe(rule.says)
  })

  it('breaks no rule by a text without what the rule asks for first', () => {
    const held = TEXT_RULES.filter(({ where }) => where !== undefined)
    expect(held.map(({ says }) => says)).toEqual(['expected joiners only where a script is spelt with them'])
    const broken = [...GOOD_TEXTS, ...BAD_TEXTS].flatMap(([, text]) =>
      held.filter((rule) => breaks(rule, text) && !new RegExp(rule.where ?? '', 'u').test(text)),
    )
    expect(broken).toEqual([])
  })

  it.each(GOOD_TEXTS)('is kept by %s', (_, text) => {
    expect(TEXT_RULES.filter((rule) => breaks(rule, text))).toEqual([])
  })
})
