import { describe, expect, it } from 'vitest'
import { readSettings } from '../../../lib/config.ts'
import { userId, userIdRules } from '../../../lib/schemas/ids.ts'

const idsOf = (env: Record<string, string>) =>
  userId(readSettings(env, ['USER_ID_CHARACTERS', 'USER_ID_MAX_LENGTH']))
const faults = (schema: ReturnType<typeof userId>, id: string) =>
  schema.safeParse(id).error?.issues.map(({ message }) => message) ?? []

describe('lib/schemas/ids: userId', () => {
  it.each(['\u5f20\u4e09', 'a b', '+8613800138000', 'tom&co', 'a#b', '10010001', '\u{20000}'.repeat(32)])(
    'is %s by default',
    (id) => {
      expect(idsOf({}).parse(id)).toBe(id)
    },
  )

  it('is never case-folded', () => {
    expect(idsOf({}).parse('Tom\u00df')).toBe('Tom\u00df')
  })

  it('may be narrowed to a set of characters and a length', () => {
    const narrow = idsOf({ USER_ID_CHARACTERS: 'a-z0-9-', USER_ID_MAX_LENGTH: '4' })
    for (const good of ['a', 'tom1', 'a-b']) expect(faults(narrow, good)).toEqual([])
    expect(faults(narrow, 'Tom')).toEqual(['expected only characters of USER_ID_CHARACTERS'])
    expect(faults(narrow, '\u5f20')).toEqual(['expected only characters of USER_ID_CHARACTERS'])
    expect(faults(narrow, 'tom12')).toEqual(['expected 1 to 4 characters'])
  })

  it('has its rules as data, the set of the stage among them', () => {
    const settings = readSettings({ USER_ID_CHARACTERS: 'a-f_' }, [
      'USER_ID_CHARACTERS',
      'USER_ID_MAX_LENGTH',
    ])
    expect(userIdRules(settings).at(-1)).toEqual({
      refused: '[^\\u{61}-\\u{66}\\u{5f}]',
      says: 'expected only characters of USER_ID_CHARACTERS',
    })
  })

  it('is held to the table of text rules whatever the set holds', () => {
    const wide = idsOf({ USER_ID_CHARACTERS: ' -\uffff' })
    expect(faults(wide, 'a\u200bb')).toEqual(['expected no invisible characters'])
    expect(faults(wide, ' a')).toEqual(['expected no blank at either end'])
    expect(faults(wide, 'a b')).toEqual([])
  })
})
