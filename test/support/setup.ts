/** Runs in every test file: what a test prints is searched for the secrets that it made. */

import { afterEach, beforeEach } from 'vitest'
import { expectClean } from './canary.ts'

// A developer's own proxy is none of the functions' settings.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name]

const printed: string[] = []

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: never[]) => boolean
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    return write(chunk, ...rest)
  }) as typeof stream.write
}
for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  const print = console[level].bind(console)
  console[level] = (...args: unknown[]) => {
    printed.push(args.map(String).join(' '))
    print(...args)
  }
}

beforeEach(() => {
  printed.length = 0
})

afterEach(() => {
  expectClean('standard output or error', ...printed)
})
