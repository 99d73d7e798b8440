/** Runs a loop in a process of its own. */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { heapOf } from '../heap.ts'
import type { LoopFigures, LoopOrder } from './loop.ts'

const LOOP = join(import.meta.dirname, 'loop.ts')

export interface WarmProcess {
  /** Where the package lies unzipped. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly order: LoopOrder
  readonly memoryMegabytes: number
  /** Told how many bytes the function has written, each time that it writes. Default nobody. */
  readonly onOutput?: (bytes: number) => void
}

/** Throws when the function fails or answers with another status. */
export const warmFigures = async ({
  folder,
  environment,
  order,
  memoryMegabytes,
  onOutput,
}: WarmProcess): Promise<LoopFigures> => {
  const child = fork(LOOP, {
    cwd: folder,
    env: { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand', ...environment },
    execArgv: [heapOf(memoryMegabytes)],
    stdio: ['ignore', onOutput === undefined ? 'ignore' : 'pipe', 'inherit', 'ipc'],
  })
  child.stdout?.on('data', (chunk: Buffer) => onOutput?.(chunk.length))
  const ended = once(child, 'close')
  try {
    child.send(order)
    const answer = once(child, 'message')
    const died = ended.then(([code, signal]) => {
      throw new Error(`the warm process ended before it answered (${code ?? signal})`)
    })
    const [{ figures, failure }] = await Promise.race([answer, died])
    if (figures === undefined) throw new Error(`${order.module} ${failure}`)
    // It ends by itself, so that a profile is written.
    await ended.catch(() => undefined)
    return figures
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}
