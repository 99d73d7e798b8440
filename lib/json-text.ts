/** What JSON.parse does not show of a JSON text. For texts of any depth, in time that grows with their length alone. */

/** The text with its strings' escapes resolved, quotes and all: what the strings say can be found in it. */
export const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, letter: string) =>
    code === undefined ? (CONTROLS[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )

/** RFC 8259, section 7; the other three stand for themselves. */
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * The first member name that stands twice in one object of the text, at any depth and however it is escaped: of such
 * two, one reader takes the first and another the last. The text must be JSON, else the outcome means nothing.
 */
export const repeatedMember = (text: string): string | undefined => {
  const objects: Set<string>[] = []
  const marks = /["{}]/g
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '{') objects.push(new Set())
    else if (mark[0] === '}') objects.pop()
    else {
      const end = endOfString(text, mark.index)
      marks.lastIndex = end + 1
      if (!isName(text, end + 1)) continue
      const name = unescaped(text.slice(mark.index + 1, end))
      const names = objects.at(-1)
      if (names?.has(name)) return name
      names?.add(name)
    }
  }
  return undefined
}

/**
 * Whether brackets outside strings nest deeper than `levels`: told before a parser builds anything of them. The text need not
 * be JSON.
 */
export const nestsDeeper = (text: string, levels: number): boolean => {
  let depth = 0
  const marks = /["[\]{}]/g
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = endOfString(text, mark.index) + 1
    else depth += mark[0] === '[' || mark[0] === '{' ? 1 : -1
    if (depth > levels) return true
  }
  return false
}

/** The place of the quote that ends the string which begins at `start`; the end of the text where none does. */
const endOfString = (text: string, start: number): number => {
  // From quote to quote rather than from character to character: a string may hold a whole file.
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return quote
  }
  return text.length
}

const isName = (text: string, after: number): boolean => {
  const colon = /[ \t\n\r]*:/y
  colon.lastIndex = after
  return colon.test(text)
}
