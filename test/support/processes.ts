/** Sandboxes of Lambda as real processes: each with its own memory and caches, one clock for all, ended by their ids. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expectClean } from './canary.ts'

export interface LogLine {
  readonly code: string
  readonly kid?: string
  readonly jti?: string
}

/** What one request came to. */
export interface Outcome {
  /** The handler's own answer, or `{error}` with the message when it threw. */
  readonly answer: unknown
  /** Every line printed meanwhile. */
  readonly printed: readonly LogLine[]
  /** The line of this request. */
  readonly line: LogLine | undefined
}

interface Load {
  /** What the function is called by later; loading under a known name begins with empty caches. */
  readonly name: string
  /** File URL of the function's module. */
  readonly module: string
  /** The exported builder: takes a Runtime and returns a handler. */
  readonly builder: string
  /** Laid over the process's environment. */
  readonly env: Readonly<Record<string, string>>
}

export type Command = { readonly at: number } & (
  | ({ readonly do: 'load' } & Load)
  | { readonly do: 'call'; readonly name: string; readonly events: readonly unknown[] }
)
export interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

export interface Sandbox {
  readonly pid: number
  /** `at`: the time inside, in milliseconds since 1970. */
  readonly load: (at: number, load: Load) => Promise<void>
  /** Calls a loaded function with one event after the other. What comes back is searched for registered secrets. */
  readonly call: (at: number, name: string, events: readonly unknown[]) => Promise<readonly Outcome[]>
}

export interface Sandboxes {
  readonly all: readonly Sandbox[]
  /** Ends every process, and waits until it is gone. May be called twice. */
  readonly end: () => Promise<void>
}

const SCRIPT = join(import.meta.dirname, 'sandbox.ts')
/** All of them load the same modules: compiling these once is most of the start. */
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/sandboxes-compile')

/** Starts `count` processes with this one's environment and what `envOf` lays over it for each. */
export const startSandboxes = (
  count: number,
  envOf: (index: number) => Readonly<Record<string, string>> = () => ({}),
): Sandboxes => {
  const children = Array.from({ length: count }, (_, index) =>
    fork(SCRIPT, {
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, ...envOf(index) },
      execArgv: [],
      serialization: 'advanced',
    }),
  )
  return {
    all: children.map(sandboxOf),
    end: async () => {
      await Promise.all(children.map(ended))
    },
  }
}

const sandboxOf = (child: ChildProcess): Sandbox => {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let last = 0
  child.on('message', ({ id, result, error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new Error(`process ${child.pid}: ${error}`))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`process ${child.pid} ended (${code})`))
    waiting.clear()
  })
  const send = (command: Command): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      child.send({ id, command }, (error) => {
        if (error) reject(error)
      })
    })
  return {
    pid: child.pid ?? 0,
    load: async (at, load) => {
      await send({ at, do: 'load', ...load })
    },
    call: async (at, name, events) => {
      const outcomes = (await send({ at, do: 'call', name, events })) as Outcome[]
      expectClean(`process ${child.pid}`, JSON.stringify(outcomes))
      return outcomes
    },
  }
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
