/** Where a text stops being JSON. The parser's own message quotes the text around the place, which may be part of a secret. */

export interface Place {
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

/** The place of the fault; for a text that is cut off, its end. Undefined for a text that is JSON. */
export const jsonFault = (text: string): Place | undefined => {
  const message = messageOf(text)
  if (message === undefined) return undefined
  const before = text.slice(0, positionOf(text, message))
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}

const messageOf = (text: string): string | undefined => {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** An unexpected token has no position in its message, but every text that ends before it lacks only its end. */
const positionOf = (text: string, message: string): number => {
  const [, told] = / at position (\d+)/.exec(message) ?? []
  if (/^(Unterminated|Unexpected end)/.test(message)) return text.length
  if (told !== undefined) return Number(told)
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (/^Unexpected token/.test(messageOf(text.slice(0, middle)) ?? '')) bad = middle
    else good = middle
  }
  return bad - 1
}
