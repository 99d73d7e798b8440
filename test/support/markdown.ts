/** What tests read of Markdown: headings, links, blocks of code, and the prose that is left. */

export interface Block {
  /** The word behind the fence, such as `sh`. */
  readonly language: string
  readonly text: string
}

const FENCED = /^```(\w*)\n(.*?)^```$/gms

export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(FENCED)].map(([, language = '', text = '']) => ({ language, text }))

export const withoutBlocks = (markdown: string): string => markdown.replaceAll(FENCED, '')

/** GitHub's anchor of a heading: of its text, without marks. */
export const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, '')
    .replaceAll(' ', '-')

/** All anchors of a page. A heading that stands twice has a number behind its second anchor. */
export const anchorsOf = (markdown: string): readonly string[] => {
  const seen = new Map<string, number>()
  return [...withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const anchor = anchorOf(heading.trim())
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}

/** The targets of links and pictures that lead to this repository. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutBlocks(markdown).matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, target = '']) => target)

type ReadFile = (path: string) => string | undefined

/** What is wrong with a page's links, in words. `resolve` makes a path of the repository of one that the page has. */
export const linkFaults = (
  markdown: string,
  resolve: (path: string) => string,
  read: ReadFile,
): readonly string[] =>
  [...new Set(linksOf(markdown))].flatMap((link) => {
    const [path = '', anchor] = link.split('#')
    const text = path === '' ? markdown : read(resolve(path))
    if (text === undefined) return [`${link}: does not exist`]
    const isThere = anchor === undefined || anchorsOf(text).includes(decodeURIComponent(anchor))
    return isThere ? [] : [`${link}: has no such heading`]
  })
