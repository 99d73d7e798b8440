/** Faults and counters over HTTP, for whoever sits outside the emulator's process. */

import * as z from 'zod'
import { nearest } from '../../nearest.ts'
import type { LocalRequest } from '../http-server.ts'
import { json, type Reply } from './call.ts'
import { FAULT_NAMES, type Fault } from './faults.ts'

/** What the control paths reach. */
export interface Controls {
  fail(fault: Fault): void
  clearFaults(): void
  counters(): object
  resetCalls(): void
}

/** As `Fault`, without the predicate. */
const OrderedFault = z.strictObject({
  fault: z.enum(FAULT_NAMES),
  call: z.string().optional(),
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
  ms: z.int().nonnegative().optional(),
  seconds: z.int().nonnegative().optional(),
  status: z.int().min(200).max(599).optional(),
  code: z.union([z.string(), z.int()]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
}) satisfies z.ZodType<Fault>

const Order = z.union([OrderedFault, z.array(OrderedFault)])

const DONE = json(200, {})

/** Answers `/_control/…`; undefined for every other path. Does not count as a call. */
export const control = (
  { method, url, headers, body }: LocalRequest,
  controls: Controls,
): Reply | undefined => {
  if (!url.startsWith('/_control/')) return undefined
  // A page in this machine's browser reaches loopback too; the Host check does not stop that.
  if (headers.origin !== undefined) return json(403, { message: 'Not for browsers' })
  switch (`${method} ${url}`) {
    case 'POST /_control/faults':
      return order(body.toString(), controls)
    case 'DELETE /_control/faults':
      controls.clearFaults()
      return DONE
    case 'GET /_control/calls':
      return json(200, controls.counters())
    case 'DELETE /_control/calls':
      controls.resetCalls()
      return DONE
    default:
      return json(404, { message: 'POST or DELETE /_control/faults, GET or DELETE /_control/calls' })
  }
}

const order = (text: string, { fail }: Controls): Reply => {
  const value = fromJson(text)
  const unknown = [value].flat().find((item) => !isKnown(nameOf(item)))
  if (unknown !== undefined) return json(400, { message: unknownText(nameOf(unknown)) })
  try {
    for (const fault of [Order.parse(value)].flat()) fail(fault)
    return DONE
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    return json(400, { message })
  }
}

const fromJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const nameOf = (item: unknown): unknown => (item as { fault?: unknown } | undefined)?.fault

const isKnown = (name: unknown): boolean => FAULT_NAMES.some((known) => known === name)

const unknownText = (name: unknown): string =>
  typeof name === 'string'
    ? `There is no fault ${JSON.stringify(name)}: did you mean "${nearest(name, FAULT_NAMES)}"? There are ${FAULT_NAMES.join(', ')}.`
    : 'Expected JSON such as {"fault":"slow","ms":3000}, or a list of these.'
