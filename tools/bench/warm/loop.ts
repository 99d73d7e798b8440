/** A fresh process that asks one function again and again, and tells its parent what that took. Its log lines go nowhere. */

import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { quantile } from '../quantile.ts'

export interface LoopOrder {
  /** The module that exports `handler`. */
  readonly module: string
  /** Asked with in turn, over and over. */
  readonly events: readonly object[]
  readonly expectedStatus: number
  /** What each answer's body holds. Default anything. */
  readonly expectedText?: string | undefined
  /** Asked before anything is counted, so that V8 has compiled what is asked often. */
  readonly warmUp: number
  readonly requests: number
  /** Before each request the monotonic clock jumps ahead by so much: what is remembered for less is read again. */
  readonly jumpMs: number
}

export interface LoopFigures {
  /** Milliseconds of one request, by the clock. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Requests a second, one after the other. */
  readonly perSecond: number
  /** The processor's time of one request, in milliseconds, of all threads. */
  readonly cpuMs: number
  /** The most memory that the process has had in use, in megabytes. */
  readonly peakMegabytes: number
}

type Handler = (
  event: object,
  context: object,
) => Promise<{ readonly statusCode: number; readonly body?: string }>

const clock = performance.now.bind(performance)
let jumpedMs = 0
performance.now = () => clock() + jumpedMs

const run = async (order: LoopOrder): Promise<LoopFigures> => {
  const { handler }: { handler: Handler } = await import(pathToFileURL(order.module).href)
  const context = {
    functionName: 'bench',
    awsRequestId: '00000000-0000-4000-8000-000000000001',
    getRemainingTimeInMillis: () => 10_000,
  }
  let asked = 0
  const ask = async (): Promise<number> => {
    const event = order.events[asked++ % order.events.length] ?? {}
    jumpedMs += order.jumpMs
    const startedAt = clock()
    const { statusCode, body = '' } = await handler(event, context)
    const took = clock() - startedAt
    // Not its body: that may hold a token.
    if (statusCode !== order.expectedStatus)
      throw new Error(`answered ${statusCode}, expected ${order.expectedStatus}`)
    if (!body.includes(order.expectedText ?? '')) throw new Error(`answered without ${order.expectedText}`)
    return took
  }
  for (let request = 0; request < order.warmUp; request++) await ask()
  const times = new Float64Array(order.requests)
  const startedAt = clock()
  const cpuAtStart = process.cpuUsage()
  for (let request = 0; request < order.requests; request++) times[request] = await ask()
  const cpu = process.cpuUsage(cpuAtStart)
  const elapsedMs = clock() - startedAt
  return {
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    perSecond: (order.requests / elapsedMs) * 1_000,
    cpuMs: (cpu.user + cpu.system) / 1_000 / order.requests,
    peakMegabytes: Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024,
  }
}

process.once('message', (order: LoopOrder) => {
  run(order)
    .then((figures) => process.send?.({ figures }))
    .catch((error: Error) => process.send?.({ failure: error.message }))
    .finally(() => process.disconnect())
})
