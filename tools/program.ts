/** Programs that a tool runs, as an operator does in a shell. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'

export interface RunOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** After so long it is ended, and counts as failed. Default: never. */
  readonly timeoutMs?: number
}

/** A program that ended with another exit code than 0; `output` is all that it printed. */
export class ProgramError extends Error {
  readonly output: string
  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with exit code ${code}:\n${output.trim().split('\n').slice(-12).join('\n')}`)
    this.output = output
  }
}

/** Runs a program to its end and returns what it printed, both streams as they came. Throws ProgramError. */
export const run = async (
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs: timeout }: RunOptions,
): Promise<string> => {
  const child = spawn(command, args, {
    ...{ cwd, env, stdio: ['ignore', 'pipe', 'pipe'] },
    ...(timeout === undefined ? {} : { timeout }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += stripVTControlCharacters(chunk.toString())
    })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new ProgramError([command, ...args.slice(0, 3)].join(' '), code, output)
  return output
}
