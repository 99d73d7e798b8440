/** CEC's uploadFileStream and downloadFileStream: the files of a chat. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import type { FailureClass, UpstreamFailure } from '../../outbound/failures.ts'
import { type Reply, TOO_LARGE } from '../../outbound/outbound.ts'
import { member, parsedReply } from '../../outbound/replies.ts'
import {
  FILE_SIZE_EXPECTED,
  fileBytes,
  MOST_FILE_BYTES,
  MOST_FILE_MESSAGE_BYTES,
} from '../../schemas/file-size.ts'
import { codeText } from '../reply-members.ts'
import { type Chat, callInChat } from './chat-call.ts'
import type { CecContext } from './context.ts'
import { type DownloadRequest, requireFileSize, type UploadRequest } from './file-requests.ts'
import { cecFailure, cecRefusal } from './refusals.ts'
import { DownloadReply, UploadReply } from './wire.ts'

const MAX_KEY_BYTES = 64 * 1024

type FileCall = 'uploadFileStream' | 'downloadFileStream'

/**
 * What CEC's codes in a 200 mean. Upload: 2 a member is missing, 3 a member is wrong, 13 the upload failed. Download: 2 something
 * that the chat token should say is missing, 401 no fileId, 13 the type is not served, the file is empty or cannot be had.
 */
const CODES: Readonly<Record<FileCall, Readonly<Record<string, FailureClass>>>> = {
  uploadFileStream: { '2': 'values-refused', '3': 'values-refused', '13': 'unavailable' },
  downloadFileStream: { '2': 'values-refused', '13': 'values-refused', '401': 'values-refused' },
}

/**
 * Sends a file of a customer's, and fetches one of an agent's. What CEC answers passes as it was written once its own code says
 * success. An upload is never sent twice, except after a refusal of the AccessToken. Throws FILE_TOO_LARGE and
 * UPSTREAM_FILE_TOO_LARGE above 2 MiB, and what `callInChat` throws. Whether the file is of this chat is CEC's to judge.
 */
export const chatFiles = (context: CecContext) => {
  const call = callInChat(context)
  return {
    upload: async (chat: Chat, request: UploadRequest, deadline: Deadline): Promise<string> => {
      requireFileSize(request)
      return call(
        chat,
        {
          path: '/uploadFileStream',
          method: 'POST',
          body: JSON.stringify(request),
          isRepeatable: false,
          maxBytes: MAX_KEY_BYTES,
          failureIn: (reply) =>
            failureIn('uploadFileStream', reply, parsedReply(UploadReply, reply) !== undefined),
        },
        deadline,
      )
    },

    download: (chat: Chat, request: DownloadRequest, deadline: Deadline): Promise<string> =>
      call(
        chat,
        {
          path: '/downloadFileStream',
          method: 'POST',
          body: JSON.stringify(request),
          isRepeatable: true,
          isFinal: ({ status }) => status === 500,
          maxBytes: MOST_FILE_MESSAGE_BYTES,
          failureIn: downloadFailureIn,
          onError: (error) => {
            throw isTooLarge(error) ? tooLargeToPass() : error
          },
        },
        deadline,
      ),
  }
}

const downloadFailureIn = (reply: Reply): BridgeError | undefined => {
  const good = parsedReply(DownloadReply, reply)
  const failure = failureIn('downloadFileStream', reply, good !== undefined)
  if (failure !== undefined) return failure
  return fileBytes(good?.fileStream ?? '') > MOST_FILE_BYTES ? tooLargeToPass() : undefined
}

/** `isGood`: the body is what the document says of a success. */
const failureIn = (call: FileCall, reply: Reply, isGood: boolean): UpstreamFailure | undefined => {
  if (reply.status !== 200) return cecRefusal(call, reply)
  // The two documents call it differently, and CEC's older pages have either name for one call.
  const given = member(reply, 'returnCode') ?? member(reply, 'resultCode')
  const code = given === undefined ? '0' : codeText(given)
  if (code === '0') return isGood ? undefined : cecFailure(call, reply)
  const failure = CODES[call][code]
  return cecFailure(call, reply, failure, failure === undefined ? 'unlisted' : code)
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof BridgeError && error.code === 'UPSTREAM_UNEXPECTED' && error.detail.reason === TOO_LARGE

const tooLargeToPass = (): BridgeError =>
  new BridgeError(
    'UPSTREAM_FILE_TOO_LARGE',
    `CEC sends a file that is too large to be passed on: ${FILE_SIZE_EXPECTED}, ask the agent for a smaller one`,
  )
