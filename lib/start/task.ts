/** Functions that no HTTP request calls: one checked event in, one log line out. */

import type { Context } from 'aws-lambda'
import type * as z from 'zod/mini'
import { type Deadline, lambdaDeadline } from '../concurrency/deadline.ts'
import { asBridgeError, BridgeError } from '../errors.ts'
import { describeUnforeseen, type Log, type LogCode, type LogFields } from '../log.ts'
import { describeFaults, faultyField } from '../schemas/issues.ts'

export interface Task<Input, Result> {
  readonly name: string
  readonly input: z.ZodMiniType<Input>
  readonly success: LogCode
  readonly log: Log
  /** Fields of the log line that the input gives. */
  readonly describe: (input: Input) => Partial<LogFields>
  /** What it returns goes back to whoever has invoked the function. */
  readonly run: (input: Input, deadline: Deadline) => Promise<Result>
  /** Fields of the log line that the result gives. Default none. */
  readonly summarise?: (result: Result) => Partial<LogFields>
}

export type TaskHandler<Result = void> = (event: unknown, context: Context) => Promise<Result>

/** A failure is logged and thrown again as a BridgeError, so that the caller (a service of AWS) sees it and retries. */
export const taskHandler =
  <Input, Result>({
    name,
    input,
    success,
    log,
    describe,
    run,
    summarise = () => ({}),
  }: Task<Input, Result>): TaskHandler<Result> =>
  async (event, context) => {
    const startedAt = performance.now()
    const line = { function: name, requestId: context?.awsRequestId ?? 'unknown' }
    const durationMs = () => Math.round(performance.now() - startedAt)
    try {
      const checked = understood(input, event)
      Object.assign(line, describe(checked))
      const result = await run(checked, lambdaDeadline(context))
      log('INFO', { code: success, ...line, durationMs: durationMs(), ...summarise(result) })
      return result
    } catch (error) {
      const failure = asBridgeError(error)
      const unforeseen = failure.code === 'INTERNAL' ? describeUnforeseen(failure.cause) : {}
      log('ERROR', {
        code: failure.code,
        ...line,
        durationMs: durationMs(),
        ...failure.detail,
        ...unforeseen,
      })
      // Lambda prints what is thrown, causes included: those may quote data.
      throw new BridgeError(failure.code, failure.message)
    }
  }

const understood = <Input>(schema: z.ZodMiniType<Input>, event: unknown): Input => {
  const result = schema.safeParse(event)
  if (result.success) return result.data
  throw new BridgeError('EVENT_INVALID', describeFaults(result.error), {
    detail: { field: faultyField(result.error) },
  })
}
