/** How far a command is, on a terminal: one line that is written over. On anything else, and for scripts, nothing. */

import { stripVTControlCharacters } from 'node:util'

export interface Progress {
  readonly show: (text: string) => void
  /** Takes the line away. */
  readonly end: () => void
}

/** Written to the errors' stream, so that results can be piped. */
export const progress = (isQuiet = false, stream: NodeJS.WriteStream = process.stderr): Progress => {
  const isShown = !isQuiet && stream.isTTY === true
  const write = (text: string): void => void (isShown && stream.write(`\r\x1b[K${text}`))
  return {
    show: (text) => write(`… ${stripVTControlCharacters(text).slice(0, (stream.columns ?? 80) - 3)}`),
    end: () => write(''),
  }
}
