/** Sandboxes as processes: starts them, gives them orders, and ends each by its id. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expectClean } from '../support/canary.ts'
import type { CallReport, FromSandbox, Order, ToSandbox } from './protocol.ts'

const SCRIPT = fileURLToPath(new URL('sandbox-process.ts', import.meta.url))

/** Calls that are under way. */
export interface Run {
  /** When all calls have been started. */
  readonly begun: Promise<void>
  readonly soFar: readonly CallReport[]
  /** When so many calls have ended. */
  readonly ended: (count: number) => Promise<readonly CallReport[]>
  /** When all have ended, or the process is dead. Throws for a secret in a log line, and for work begun too late. */
  readonly done: Promise<readonly CallReport[]>
}

export interface Sandbox {
  readonly pid: number
  readonly run: (order: Partial<Order> & Pick<Order, 'handler' | 'tenants'>) => Run
  readonly setClock: (aheadMs: number) => Promise<void>
  /** Forgets everything, as a sandbox that has just started. */
  readonly renew: () => Promise<void>
  /** Ends with kill -9, in the middle of whatever it does. */
  readonly kill: () => Promise<void>
  readonly stop: () => void
  readonly goOn: () => void
}

/** Longer than any function has in production: the machine may be slow, and the cases do not test that. */
const REMAINING_MS = 30_000

export const startSandbox = async (env: Readonly<Record<string, string>>): Promise<Sandbox> => {
  const child = fork(SCRIPT, [], {
    env: { ...env },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => {
      throw new Error(`a sandbox ended with ${code} before it was ready`)
    }),
  ])
  const orders = new Orders(child)
  child.once('exit', () => orders.end())

  return {
    pid: child.pid as number,
    run: (order) => orders.run({ calls: 1, remainingMs: REMAINING_MS, ...order }),
    setClock: (aheadMs) => orders.send({ ask: 'clock', aheadMs }).begun,
    renew: () => orders.send({ ask: 'renew' }).begun,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await exited
    },
    stop: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
  }
}

interface Open {
  readonly begun: PromiseWithResolvers<void>
  readonly done: PromiseWithResolvers<readonly CallReport[]>
  readonly reports: CallReport[]
  readonly watchers: (() => void)[]
}

class Orders {
  readonly #child: ChildProcess
  readonly #open = new Map<number, Open>()
  #ids = 0

  constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (message) => this.#hear(message as FromSandbox))
  }

  send(order: { ask: 'run'; order: Order } | { ask: 'clock'; aheadMs: number } | { ask: 'renew' }): Run {
    const id = this.#ids++
    const open: Open = {
      begun: Promise.withResolvers(),
      done: Promise.withResolvers(),
      reports: [],
      watchers: [],
    }
    // A process that is killed on purpose leaves them unheard.
    for (const promise of [open.begun.promise, open.done.promise]) promise.catch(() => undefined)
    this.#open.set(id, open)
    this.#child.send({ id, ...order } satisfies ToSandbox)
    return {
      begun: open.begun.promise,
      done: open.done.promise,
      soFar: open.reports,
      ended: (count) =>
        new Promise((resolve) => {
          const look = () => {
            if (open.reports.length >= count) resolve([...open.reports])
          }
          open.watchers.push(look)
          look()
        }),
    }
  }

  run(order: Order): Run {
    return this.send({ ask: 'run', order })
  }

  /** The process is dead: what was under way ends with what has been heard of it. */
  end(): void {
    for (const { begun, done, reports } of this.#open.values()) {
      begun.resolve()
      done.resolve(reports)
    }
    this.#open.clear()
  }

  #hear(message: FromSandbox): void {
    if (message.tell === 'ready') return
    const open = this.#open.get(message.id)
    if (open === undefined) return
    if (message.tell === 'begun') open.begun.resolve()
    if (message.tell === 'call') {
      open.reports.push(message.report)
      for (const look of open.watchers) look()
    }
    if (message.tell === 'done') {
      this.#open.delete(message.id)
      try {
        expectClean('a log line of a sandbox', message.lines.join('\n'))
        if (message.late.length > 0) throw new Error(`begun after the answer: ${message.late.join(', ')}`)
        open.done.resolve(open.reports)
      } catch (error) {
        open.done.reject(error)
      }
    }
  }
}
