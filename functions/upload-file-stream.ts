/** POST …/ccmessaging/uploadFileStream: a file of a customer's, on its way to the agent. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { UPLOAD_FILE_STREAM } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { UploadRequest } from '../lib/vendors/cec/file-requests.ts'
import { chatFiles } from '../lib/vendors/cec/files.ts'
import { chatOf } from '../lib/vendors/cec/route.ts'
import { connection } from '../lib/vendors/connection.ts'

export const uploadFileStream = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, UPLOAD_FILE_STREAM)
  const { upload } = chatFiles(cecContext(connection(start)))

  return callerHandler(UPLOAD_FILE_STREAM, {
    log: start.log,
    callers: pagesAndBackEnds(start),
    input: fromBody(UploadRequest),
    run: async ({ input, deadline, ...request }) => ({
      body: await upload(chatOf(request), input, deadline),
    }),
  })
}

export const handler = await primed(
  uploadFileStream,
  withTokensTable(
    byPageAndBackEnd(UPLOAD_FILE_STREAM, {
      body: { fileType: 'txt', fileStream: 'IA==', channel: 'WEB' },
      headers: { 'ccmessaging-token': NOWHERE },
    }),
  ),
)
