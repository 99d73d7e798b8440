/** What the tabs of one chat tell each other. The tab that tells hears it too, so that one tab and two work alike. */

import type { ChatMessage, DownlinkMessage } from './chat-calls.ts'
import type { Environment } from './environment.ts'
import type { Failure } from './errors.ts'

export type Note =
  /** A new tab asks what the chat is. */
  | { readonly kind: 'hello' }
  /** Of the leader. `isNew`: it has just become the leader. The clocks of tabs differ, ages do not. */
  | { readonly kind: 'chat'; readonly token: string; readonly ageMs: number; readonly isNew: boolean }
  | { readonly kind: 'messages'; readonly messages: readonly DownlinkMessage[] }
  /** To the leader: send this. */
  | { readonly kind: 'send'; readonly id: string; readonly message: string | ChatMessage }
  /** To the leader: nobody waits any more for a message that is not on its way yet. */
  | { readonly kind: 'withdraw'; readonly id: string }
  /** Of the leader: it is on its way, and may arrive whatever comes. */
  | { readonly kind: 'taken'; readonly id: string }
  | {
      readonly kind: 'sent'
      readonly id: string
      readonly message: string | ChatMessage
      readonly failure?: Failure | undefined
    }
  /** Whether somebody sees this tab. */
  | { readonly kind: 'view'; readonly tab: string; readonly isVisible: boolean }
  | { readonly kind: 'end'; readonly failure?: Failure | undefined }

export interface Line {
  tell(note: Note): void
}

/** Nothing is told any more once the signal aborts. */
export const openLine = (
  environment: Environment,
  name: string,
  { heard, signal }: { heard(note: Note): void; readonly signal: AbortSignal },
): Line => {
  const others = environment.channel(name, (note) => heard(note as Note))
  signal.addEventListener('abort', () => others?.close())
  return {
    tell: (note) => {
      if (signal.aborted) return
      others?.post(note)
      heard(note)
    },
  }
}
