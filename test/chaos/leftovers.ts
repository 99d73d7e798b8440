/** Sees every HTTP request of a process, which handler call has begun it, and whether it outlives that call. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Service } from './protocol.ts'

/** One call of a handler. */
export interface Traced {
  readonly begun: Record<Service, number>
  readonly unfinished: Map<ClientRequest, Service>
  /** Codes of the log lines that were written on its behalf. */
  readonly codes: string[]
  hasReturned: boolean
}

const calls = new AsyncLocalStorage<Traced>()

/** Requests that were begun for a call that had returned. */
const late: Service[] = []

/** The call at hand: whatever it awaits, and whatever it forgets to await. */
export const currentCall = (): Traced | undefined => calls.getStore()

export const takeLate = (): Service[] => late.splice(0)

/** Runs a call, and says which of its requests are not finished when it returns. */
export const traced = async <Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly call: Traced; readonly pending: readonly Service[] }> => {
  const call: Traced = {
    begun: { table: 0, secrets: 0, vendor: 0 },
    unfinished: new Map(),
    codes: [],
    hasReturned: false,
  }
  const result = await calls.run(call, run)
  call.hasReturned = true
  return { result, call, pending: [...call.unfinished.values()] }
}

/** Begins to watch. `hosts`: the services with an address of their own; any other host is a vendor. */
export const watchRequests = (hosts: Readonly<Record<string, Service>>): void => {
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest }
    const call = calls.getStore()
    if (call === undefined) return
    const service = hosts[String(request.getHeader('host'))] ?? 'vendor'
    call.begun[service] += 1
    call.unfinished.set(request, service)
    if (call.hasReturned) late.push(service)
    const finished = () => call.unfinished.delete(request)
    request.once('close', finished)
    ended.set(request, finished)
  })
  // Told when the answer begins; it is finished when all of it has come.
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
    const finished = ended.get(request)
    if (finished !== undefined) response.once('end', finished)
  })
  subscribe('http.client.request.error', (message) => {
    ended.get((message as { request: ClientRequest }).request)?.()
  })
}

const ended = new WeakMap<ClientRequest, () => void>()
