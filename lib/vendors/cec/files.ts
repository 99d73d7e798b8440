/** CEC's uploadFileStream and downloadFileStream: the files of a chat. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { type FailureClass, loggableCode } from '../../outbound/failures.ts'
import { type Reply, TOO_LARGE } from '../../outbound/outbound.ts'
import { parsedReply } from '../../outbound/replies.ts'
import {
  FILE_SIZE_EXPECTED,
  fileBytes,
  MOST_FILE_BYTES,
  MOST_FILE_MESSAGE_BYTES,
} from '../../schemas/file-size.ts'
import { type Chat, callInChat } from './chat-call.ts'
import type { CecContext } from './context.ts'
import { type DownloadRequest, requireFileSize, type UploadRequest } from './file-requests.ts'
import { cecFailure, cecRefusal } from './refusals.ts'
import { FileReply } from './wire.ts'

const MAX_KEY_BYTES = 64 * 1024

type FileCall = 'uploadFileStream' | 'downloadFileStream'

/**
 * What CEC's codes in a 200 mean. Upload: 2 a member is missing, 3 a member is wrong, 13 the upload failed. Download: 2 something
 * that the chat token should say is missing, 401 no fileId, 13 the type is not served, the file is empty or cannot be had.
 */
const CODES: Readonly<Record<FileCall, ReadonlyMap<string, FailureClass>>> = {
  uploadFileStream: new Map([
    ['2', 'values-refused'],
    ['3', 'values-refused'],
    ['13', 'unavailable'],
  ]),
  downloadFileStream: new Map([
    ['2', 'values-refused'],
    ['13', 'values-refused'],
    ['401', 'values-refused'],
  ]),
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
          failureIn: (reply) => failureIn('uploadFileStream', reply, ({ objectKey }) => Boolean(objectKey)),
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
          failureIn: (reply) =>
            failureIn('downloadFileStream', reply, ({ fileStream, fileUrl }) =>
              Boolean(fileStream || fileUrl),
            ),
          onError: (error) => {
            throw isTooLarge(error) ? tooLargeToPass() : error
          },
        },
        deadline,
      ),
  }
}

/** `isWhole`: a success holds what it is for. */
const failureIn = (
  call: FileCall,
  reply: Reply,
  isWhole: (answer: FileReply) => boolean,
): BridgeError | undefined => {
  const answer = reply.status === 200 ? parsedReply(FileReply, reply) : undefined
  if (answer === undefined) return cecRefusal(call, reply)
  // Whichever of the two names it has: a failure under one of them is a failure.
  const code = [answer.returnCode, answer.resultCode].find((given) => given != null && given !== '0')
  if (code != null)
    return cecFailure(call, reply, {
      failure: CODES[call].get(code),
      upstreamCode: loggableCode(code, CODES[call]),
    })
  if (!isWhole(answer)) return cecFailure(call, reply)
  return fileBytes(answer.fileStream ?? '') > MOST_FILE_BYTES ? tooLargeToPass() : undefined
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof BridgeError && error.code === 'UPSTREAM_UNEXPECTED' && error.detail.reason === TOO_LARGE

export const tooLargeToPass = (): BridgeError =>
  new BridgeError(
    'UPSTREAM_FILE_TOO_LARGE',
    `CEC sends a file that is too large to be passed on: ${FILE_SIZE_EXPECTED}, ask the agent for a smaller one`,
  )
