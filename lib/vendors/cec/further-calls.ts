/** CEC's chat calls beside messages and files: an asynchronous message, the history, a message left for later, and the survey. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { jsonObject } from '../../outbound/replies.ts'
import { type Chat, callInChat } from './chat-call.ts'
import type { CecContext } from './context.ts'
import { FURTHER_CALLS, type FurtherCall } from './further-requests.ts'
import { cecRefusal } from './refusals.ts'

const MAX_BYTES = 256 * 1024

/**
 * Makes one of the calls. Both texts pass as they were written, answers within 256 KiB; only a 200 with a JSON object does, whatever
 * CEC's own code in it says. Throws what `callInChat` throws. Does not check the body.
 */
export const furtherCalls = (context: CecContext) => {
  const call = callInChat(context)
  return (
    chat: Chat,
    { name, body }: { readonly name: FurtherCall; readonly body: string },
    deadline: Deadline,
  ): Promise<string> =>
    call(
      chat,
      {
        path: `/${name}`,
        method: 'POST',
        body,
        isRepeatable: FURTHER_CALLS[name].isRepeatable,
        isFinal: ({ status }) => status === 500,
        maxBytes: MAX_BYTES,
        failureIn: (reply) =>
          reply.status === 200 && jsonObject(reply) !== undefined
            ? undefined
            : cecRefusal('furtherCalls', reply),
      },
      deadline,
    )
}
