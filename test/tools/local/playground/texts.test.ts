import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../../../examples/playground')
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

type Texts = Readonly<Record<string, string>>
const { TEXTS } = (await import(pathToFileURL(join(FOLDER, 'texts.js')).href)) as {
  TEXTS: { en: Texts; zh: Texts }
}

/** Names that are the same in both languages. */
const NAMES = ['party.CEC', 'party.OIAP']

describe('examples/playground/texts.js', () => {
  it('has every text in both languages', () => {
    expect(Object.keys(TEXTS.zh)).toEqual(Object.keys(TEXTS.en))
    for (const [key, text] of Object.entries(TEXTS.zh))
      expect([key, /\p{Script=Han}/u.test(text)]).toEqual([key, !NAMES.includes(key)])
    for (const text of Object.values(TEXTS.en)) expect(text).not.toMatch(/\p{Script=Han}/u)
  })

  it('has every text that the page begins with, in the same words', () => {
    const named = [...read('index.html').matchAll(/data-text="([^"]+)"[^>]*>([^<]*)</g)]
    expect(named.length).toBeGreaterThan(30)
    for (const [, key = '', text = ''] of named) expect([key, text.trim()]).toEqual([key, TEXTS.en[key]])
  })

  it('has no text that nothing shows', () => {
    const page = ['index.html', 'playground.js', 'steps.js', 'chat.js', 'calls.js', 'show.js']
      .map(read)
      .join('\n')
    const unused = Object.keys(TEXTS.en).filter(
      (key) => !key.startsWith('party.') && !new RegExp(`['"]${key.replace('.', '\\.')}['"]`).test(page),
    )
    expect(unused).toEqual([])
  })
})
