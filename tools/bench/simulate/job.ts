/** Parts of the simulation in threads of their own: no part knows of another, and most machines have two cores. */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type ChatFigures, type Chats, simulateChats } from './chats.ts'
import { type Figures, type Scenario, simulate } from './scenario.ts'
import { type Fleet, type FleetFigures, simulateFleet } from './sharing.ts'
import { simulateValidations, type ValidationFigures, type Validations } from './validations.ts'

const THREADS = 2

export type Job =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'fleet'; readonly fleet: Fleet }
  | { readonly kind: 'validations'; readonly validations: Validations }
  | { readonly kind: 'chats'; readonly chats: Chats }

export type Result =
  | { readonly kind: 'scenario'; readonly scenario: Scenario; readonly figures: Figures }
  | { readonly kind: 'fleet'; readonly figures: FleetFigures }
  | { readonly kind: 'validations'; readonly validations: Validations; readonly figures: ValidationFigures }
  | { readonly kind: 'chats'; readonly chats: Chats; readonly figures: ChatFigures }

type Message = { readonly progress: string } | { readonly result: Result }

/** Two at a time, in their order; results in that order too. Rejects with the first failure. */
export const runJobs = async (
  jobs: readonly Job[],
  onProgress: (text: string) => void,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++
      results[index] = await inThread(jobs[index] as Job, onProgress)
    }
  }
  await Promise.all(Array.from({ length: THREADS }, work))
  return results
}

const inThread = (job: Job, onProgress: (text: string) => void): Promise<Result> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: job })
    worker.on('message', (message: Message) =>
      'progress' in message ? onProgress(message.progress) : resolve(message.result),
    )
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('a part of the simulation ended without a result')))
  })

const run = async (job: Job, send: (message: Message) => void): Promise<Result> => {
  if (job.kind === 'fleet') {
    const figures = await simulateFleet(job.fleet)
    send({
      progress: `${grouped(job.fleet.sandboxes)} sandboxes, ${job.fleet.hasStore ? 'sharing' : 'alone'}`,
    })
    return { kind: 'fleet', figures }
  }
  if (job.kind === 'validations') {
    const figures = await simulateValidations(job.validations)
    send({ progress: `${grouped(job.validations.perSecond)} validations a second` })
    return { ...job, figures }
  }
  if (job.kind === 'chats') {
    const figures = await simulateChats(job.chats)
    send({ progress: `${grouped(job.chats.chats)} chats` })
    return { ...job, figures }
  }
  const { tenants, hours } = job.scenario
  const onHour = (hour: number) =>
    send({ progress: `${grouped(tenants)} tenants: hour ${hour} of ${hours} is over` })
  return {
    kind: 'scenario',
    scenario: job.scenario,
    figures: await simulate({ ...job.scenario, onHour }),
  }
}

const grouped = (value: number): string => value.toLocaleString('en-US')

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const send = (message: Message): void => port.postMessage(message)
  send({ result: await run(workerData as Job, send) })
}
