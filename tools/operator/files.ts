/** Files that a command is given. */

import { readFileSync } from 'node:fs'

const STANDARD_INPUT = 0

/** The text of a file, or of the standard input for `-`. Throws one sentence. */
export const textOfFile = (file: string): string => {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8')
  } catch (error) {
    throw new Error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
