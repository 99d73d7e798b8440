/** Questions to a person at a terminal. What is secret is not shown while it is typed, and kept in no history. */

import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export interface Question {
  readonly text: string
  /** Default false. */
  readonly isHidden?: boolean
}

export interface Prompt {
  /** The answer without blanks around it. Throws an Error when the input has come to its end. */
  readonly ask: (question: Question) => Promise<string>
  readonly close: () => void
}

/** Where questions go and answers come from: a terminal, or a test's streams. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Also takes answers that are piped in, one a line. */
export const openPrompt = (
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Prompt => {
  let isMuted = false
  // Readline writes what is typed: for a secret it writes into nothing.
  const shown = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) output.write(chunk)
      done()
    },
  })
  const lines = createInterface({
    input,
    output: shown,
    terminal: 'isTTY' in output && output.isTTY === true,
    historySize: 0,
  })
  const answers = lines[Symbol.asyncIterator]()
  return {
    ask: async ({ text, isHidden = false }) => {
      output.write(`${text}: `)
      isMuted = isHidden
      const { value, done } = await answers.next()
      isMuted = false
      if (isHidden) output.write('\n')
      if (done)
        throw new Error('The input has ended before every question was answered. Nothing was written.')
      return String(value).trim()
    },
    close: () => lines.close(),
  }
}
