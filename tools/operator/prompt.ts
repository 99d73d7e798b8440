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
  // Whatever no question has asked for yet may be the answer to a hidden one: several lines come at once where somebody pastes.
  let isMuted = true
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
  /** Lines that have come, less those that were asked for: below zero while a question waits. */
  let ahead = 0
  lines.on('line', () => {
    ahead += 1
    isMuted = true
  })
  return {
    ask: async ({ text, isHidden = false }) => {
      output.write(`${text}: `)
      const isUnseen = isHidden || ahead > 0 || Boolean(lines.line)
      isMuted = isUnseen
      ahead -= 1
      const { value, done } = await answers.next()
      if (isUnseen) output.write('\n')
      if (done)
        throw new Error('The input has ended before every question was answered. Nothing was written.')
      return String(value).trim()
    },
    close: () => lines.close(),
  }
}
