import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { BridgeError } from '../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { taskHandler } from '../../../lib/start/task.ts'
import { contextWith } from '../../support/world.ts'

const GOOD = { step: 'createSecret' }

/** A task that does this, and what it has logged. */
const taskOf = (run: () => Promise<{ refreshed: number }>) => {
  const lines: [LogLevel, LogFields][] = []
  const handler = taskHandler({
    name: 'rotateSigningKey',
    input: z.strictObject({ step: z.string('expected a step') }),
    success: 'ROTATION_STEP_DONE',
    log: (...line) => lines.push(line),
    describe: ({ step }) => ({ step }),
    run,
    summarise: ({ refreshed }) => ({ refreshed }),
  })
  return { handler, lines }
}
const thrownBy = (event: unknown, run: () => Promise<{ refreshed: number }>) => {
  const { handler, lines } = taskOf(run)
  const error = handler(event, contextWith()).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, lines }
}

describe('lib/start/task', () => {
  it('gives back what the work gives, and writes one line of it', async () => {
    const { handler, lines } = taskOf(async () => ({ refreshed: 2 }))
    expect(await handler(GOOD, contextWith())).toEqual({ refreshed: 2 })
    expect(lines).toEqual([
      [
        'INFO',
        {
          code: 'ROTATION_STEP_DONE',
          function: 'rotateSigningKey',
          requestId: expect.stringMatching(/^[0-9a-f]{16}$/),
          step: 'createSecret',
          durationMs: expect.any(Number),
          refreshed: 2,
        },
      ],
    ])
  })

  it('does no work for an event that is not understood, and names the field', async () => {
    const { error, lines } = thrownBy({}, () => Promise.reject(new Error('was called')))
    expect(await error).toMatchObject({ code: 'EVENT_INVALID', message: 'step: expected a step' })
    expect(lines).toMatchObject([['ERROR', { code: 'EVENT_INVALID', field: 'step' }]])
  })

  it('throws a failure of the work again, without what Lambda would print of its cause', async () => {
    const failure = new BridgeError('SECRET_UNAVAILABLE', 'secret a cannot be read (Denied)', {
      detail: { secret: 'a', reason: 'Denied' },
      cause: new Error('quotes something private'),
    })
    const { error, lines } = thrownBy(GOOD, () => Promise.reject(failure))
    expect(await error).toMatchObject({ code: 'SECRET_UNAVAILABLE', message: failure.message, detail: {} })
    expect(((await error) as Error).cause).toBeUndefined()
    expect(lines).toMatchObject([
      ['ERROR', { code: 'SECRET_UNAVAILABLE', step: 'createSecret', secret: 'a', reason: 'Denied' }],
    ])
  })

  it('names an unforeseen error and its place, never its message', async () => {
    const { error, lines } = thrownBy(GOOD, () => Promise.reject(new RangeError('quotes something private')))
    expect(await error).toMatchObject({ code: 'INTERNAL', message: 'an unexpected failure' })
    expect(lines).toMatchObject([['ERROR', { code: 'INTERNAL', errorName: 'RangeError' }]])
    expect(JSON.stringify(lines)).not.toContain('private')
  })
})
