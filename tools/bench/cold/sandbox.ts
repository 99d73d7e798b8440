/** One cold start: a fresh process under AWS's runtime client, one event, and what it took. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { heapOf } from '../heap.ts'
import type { CpuShare } from './cpu-share.ts'
import { startRuntimeApi } from './runtime-api.ts'

const CLIENT = join(import.meta.dirname, '../node_modules/aws-lambda-ric/index.mjs')
const LONGEST_MS = 20_000

export interface ColdStart {
  /** The unzipped package. */
  readonly folder: string
  /** As in the template: `functions/<file>.handler`. */
  readonly handler: string
  readonly memoryMegabytes: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly event: object
  readonly expectedStatus: number
  /** What the answer's body holds. Default anything. */
  readonly expectedText?: string | undefined
  /** Undefined: a whole processor, also after INIT. */
  readonly share: CpuShare | undefined
}

export interface ColdFigures {
  /** Milliseconds from the start of the process until it asks for its first event. */
  readonly initMs: number
  /** From then until its answer has come. */
  readonly requestMs: number
  /** The processor's time that the request took, in milliseconds: noise of other processes is not in it. */
  readonly requestCpuMs: number
  /** The most memory that it has had in use, when the answer came, in megabytes. */
  readonly peakMegabytes: number
}

/** Throws when the function fails or answers with another status. */
export const coldStart = async (start: ColdStart): Promise<ColdFigures> => {
  let child: ChildProcess | undefined
  let initialisedAt = Number.NaN
  let answeredAt = Number.NaN
  let peakMegabytes = Number.NaN
  let initCpuMs = Number.NaN
  let cpuMs = Number.NaN
  const api = await startRuntimeApi({
    event: start.event,
    deadlineMs: LONGEST_MS,
    onInitialised: () => {
      initialisedAt = performance.now()
      initCpuMs = cpuOf(child?.pid ?? 0)
      start.share?.limit(child?.pid ?? 0)
    },
    onAnswered: () => {
      answeredAt = performance.now()
      cpuMs = cpuOf(child?.pid ?? 0)
      peakMegabytes = peakOf(child?.pid ?? 0)
    },
  })
  const startedAt = performance.now()
  child = spawn(process.execPath, [heapOf(start.memoryMegabytes), CLIENT, start.handler], {
    cwd: start.folder,
    env: { ...lambdaVariables(start, api.address), ...start.environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    const died = ended.then(([code, signal]) => {
      throw new Error(`the sandbox ended before it answered (${code ?? signal})`)
    })
    const late = sleep(LONGEST_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${start.handler} did not answer within ${LONGEST_MS / 1000} s`)
    })
    const { statusCode, body = '' } = JSON.parse(await Promise.race([api.answer, died, late]))
    if (statusCode !== start.expectedStatus) {
      // Not its body: that may hold a token.
      throw new Error(`${start.handler} answered ${statusCode}, expected ${start.expectedStatus}`)
    }
    if (!body.includes(start.expectedText ?? ''))
      throw new Error(`${start.handler} answered without ${start.expectedText}`)
    return {
      initMs: initialisedAt - startedAt,
      requestMs: answeredAt - initialisedAt,
      requestCpuMs: cpuMs - initCpuMs,
      peakMegabytes,
    }
  } finally {
    child.kill('SIGKILL')
    await ended
    await api.close()
  }
}

const lambdaVariables = ({ folder, handler, memoryMegabytes }: ColdStart, address: string) => ({
  _HANDLER: handler,
  LAMBDA_TASK_ROOT: folder,
  AWS_LAMBDA_RUNTIME_API: address,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
  AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
})

/** Of all its threads. The kernel counts in nanoseconds. */
const cpuOf = (processId: number): number =>
  readdirSync(`/proc/${processId}/task`).reduce(
    (sum, thread) =>
      sum + Number(readFileSync(`/proc/${processId}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
    0,
  )

const peakOf = (processId: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1]) / 1024
