import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withoutBlocks } from './support/markdown.ts'

const ROOT = join(import.meta.dirname, '..')
const contents = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** What a newcomer reads first. Longer sentences are taken in at the second reading. */
const MOST_WORDS = 30
const MOST_CHARACTERS = 60

const ENGLISH = ['README.md', 'docs/start.md', 'docs/integrate.md', 'docs/README.md']
const CHINESE = ['README.zh-CN.md', 'docs/start.zh-CN.md', 'docs/integrate.zh-CN.md']

/** Paragraphs, items, headings and cells, each by itself; code and the target of a link count as one word. */
const passages = (markdown: string): readonly string[] =>
  withoutBlocks(markdown)
    .replaceAll(/`[^`\n]+`/g, 'code')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/https?:\S+/g, 'address')
    .split(/\n\n+|\n(?=[-#|]|\d+\. )|(?<=\|)/)
    .map((passage) =>
      passage
        .replaceAll(/[|*[\]]|^\s*(-|#+|\d+\.)\s/gm, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )

const englishSentences = (markdown: string): readonly string[] =>
  passages(markdown).flatMap((passage) => passage.split(/(?<=[.?!])\s+(?=\S)/))
const chineseSentences = (markdown: string): readonly string[] =>
  passages(markdown).flatMap((passage) => passage.split(/(?<=[。？！])/))

const wordsOf = (sentence: string): number =>
  sentence.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length
/** A word in Latin letters counts as two characters, as it reads. */
const charactersOf = (sentence: string): number =>
  sentence.replaceAll(/[\w'./-]+/g, 'xx').replaceAll(' ', '').length

const longest = (
  sentences: readonly string[],
  lengthOf: (sentence: string) => number,
): readonly [number, string] =>
  sentences
    .map((sentence) => [lengthOf(sentence), sentence] as const)
    .reduce((one, other) => (other[0] > one[0] ? other : one), [0, ''])

describe('the first pages', () => {
  it.each(ENGLISH)(`%s has no sentence of more than ${MOST_WORDS} words`, (path) => {
    const [words, sentence] = longest(englishSentences(contents(path)), wordsOf)
    expect([words, sentence]).toEqual([Math.min(words, MOST_WORDS), sentence])
    expect(words).toBeGreaterThan(10) // sentences were found
  })

  it.each(CHINESE)(`%s has no sentence of more than ${MOST_CHARACTERS} characters`, (path) => {
    const [characters, sentence] = longest(chineseSentences(contents(path)), charactersOf)
    expect([characters, sentence]).toEqual([Math.min(characters, MOST_CHARACTERS), sentence])
    expect(characters).toBeGreaterThan(20)
  })

  it('are measured by their sentences, not by their lines, code and links', () => {
    const long = `One ${'word '.repeat(40)}more.`
    const text = `Short. ${long}\nStill. \`a b c\` [d e](f g h)\n\n| a | b c |\n\`\`\`sh\n${long}\n\`\`\`\n`
    expect(longest(englishSentences(text), wordsOf)).toEqual([42, long])
    expect(longest(englishSentences('`a b c` [d e](https://x) and f'), wordsOf)[0]).toBe(5)
    expect(longest(chineseSentences('短。这是一个比较长的句子，用 npm ci 安装。'), charactersOf)[0]).toBe(19)
  })
})
