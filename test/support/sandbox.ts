/** A sandbox of Lambda as a process of its own: builds functions, and calls them at the time that it is told. See processes.ts. */

import { randomBytes } from 'node:crypto'
import type { Context } from 'aws-lambda'
import type { Runtime } from '../../lib/start/runtime.ts'
import type { Answer, Command, Outcome } from './processes.ts'

type Handler = (event: unknown, context: Context) => Promise<unknown>

/** Milliseconds since 1970; stands still between two commands. */
let clock = Date.now()
const handlers = new Map<string, Handler>()
let lines: string[] = []

const runtime = (env: Readonly<Record<string, string>>): Runtime => ({
  env: { ...process.env, ...env },
  now: () => new Date(clock),
  random: Math.random,
  newId: () => randomBytes(16).toString('base64url'),
  writeLine: (line) => lines.push(line),
})

const contextFor = (awsRequestId: string): Context => {
  const endsAt = performance.now() + 10_000
  return {
    awsRequestId,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  } as unknown as Context
}

const called = async (handler: Handler, event: unknown): Promise<Outcome> => {
  const requestId = randomBytes(8).toString('hex')
  lines = []
  const answer = await handler(event, contextFor(requestId)).catch((error: Error) => ({
    error: error.message,
  }))
  const printed = lines.map(
    (line) => JSON.parse(line) as { code: string; requestId?: string; status?: number },
  )
  return {
    answer,
    printed,
    line: printed.find((line) => line.requestId === requestId && line.status !== undefined),
  }
}

const run = async (command: Command): Promise<unknown> => {
  clock = command.at
  if (command.do === 'load') {
    const { name, module, builder, env } = command
    const built = ((await import(module)) as Record<string, (runtime: Runtime) => Handler>)[builder]
    if (built === undefined) throw new TypeError(`${module} exports no ${builder}`)
    handlers.set(name, built(runtime(env)))
    return undefined
  }
  const handler = handlers.get(command.name)
  if (handler === undefined) throw new TypeError(`no function was loaded as ${command.name}`)
  const outcomes: Outcome[] = []
  // One after the other, as Lambda gives a sandbox its requests.
  for (const event of command.events) outcomes.push(await called(handler, event))
  return outcomes
}

process.on('message', async ({ id, command }: { id: number; command: Command }) => {
  const answer: Answer = await run(command).then(
    (result) => ({ id, result }),
    (error: Error) => ({ id, error: error.message }),
  )
  process.send?.(answer)
})
// A parent that is gone sends no command to end.
process.on('disconnect', () => process.exit())
