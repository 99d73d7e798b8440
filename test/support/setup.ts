/**
 * Runs in every test file: what a test prints is searched for the secrets that it made.
 * A process runs many files, since to start one takes longer than most of them. So each file leaves the process as it found it:
 * it has loaded its own modules, and the next file loads them anew.
 */

import { afterAll, afterEach, beforeEach, vi } from 'vitest'
import { expectClean } from './canary.ts'

const environment = process.env
const found = { ...environment }
// A developer's own proxy is none of the functions' settings.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name]

const printed: string[] = []
const restorers: (() => void)[] = []

for (const stream of [process.stdout, process.stderr]) {
  const { write } = stream
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    return write.call(stream, chunk, ...rest)
  }) as typeof stream.write
  restorers.push(() => {
    stream.write = write
  })
}
for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  const print = console[level]
  console[level] = (...args: unknown[]) => {
    printed.push(args.map(String).join(' '))
    print.apply(console, args)
  }
  restorers.push(() => {
    console[level] = print
  })
}

beforeEach(() => {
  printed.length = 0
})

afterEach(() => {
  expectClean('standard output or error', ...printed)
})

// Runs after the hooks of the file itself.
afterAll(() => {
  // Another object in its place would be unknown to `vi.stubEnv`, in every later file of this process.
  if (process.env !== environment) throw new Error('expected process.env to be changed, and not replaced')
  for (const restore of restorers) restore()
  for (const name of Object.keys(process.env)) if (!(name in found)) delete process.env[name]
  Object.assign(process.env, found)
  vi.resetModules()
})
