/** The agents' side of the chats: says back whatever a customer says. */

import { setTimeout as sleep } from 'node:timers/promises'

/** A message to the customer, as poll delivers it. */
export type DownlinkMessage = Readonly<Record<string, string>>

export class Conversations {
  readonly #connected = new Set<string>()
  readonly #waiting = new Map<string, DownlinkMessage[]>()
  readonly #pollers = new Map<string, Set<() => void>>()

  connect(session: string): void {
    this.#connected.add(session)
  }

  disconnect(session: string): void {
    this.#connected.delete(session)
  }

  isConnected(session: string): boolean {
    return this.#connected.has(session)
  }

  /** Puts a message in line for the session and wakes its polls. */
  deliver(session: string, message: DownlinkMessage): void {
    this.#waiting.set(session, [...(this.#waiting.get(session) ?? []), message])
    for (const wake of this.#pollers.get(session) ?? []) wake()
  }

  /** What waits for the session, after up to `ms` if that is nothing. A poller who has gone takes nothing along. */
  async take(session: string, ms: number, gone: AbortSignal): Promise<DownlinkMessage[]> {
    if (!this.#waiting.has(session)) await this.#news(session, ms, gone)
    if (gone.aborted) return []
    const messages = this.#waiting.get(session) ?? []
    this.#waiting.delete(session)
    return messages
  }

  async #news(session: string, ms: number, gone: AbortSignal): Promise<void> {
    const arrived = new AbortController()
    const wake = () => arrived.abort()
    const pollers = this.#pollers.get(session) ?? new Set()
    this.#pollers.set(session, pollers.add(wake))
    await sleep(ms, undefined, { signal: AbortSignal.any([arrived.signal, gone]) }).catch(() => undefined)
    pollers.delete(wake)
  }
}
