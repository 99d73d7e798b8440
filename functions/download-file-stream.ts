/** POST …/ccmessaging/downloadFileStream: a file of an agent's, on its way to the customer. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { DOWNLOAD_FILE_STREAM } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { DownloadRequest } from '../lib/vendors/cec/file-requests.ts'
import { chatFiles } from '../lib/vendors/cec/files.ts'
import { chatOf } from '../lib/vendors/cec/route.ts'
import { connection } from '../lib/vendors/connection.ts'

export const downloadFileStream = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, DOWNLOAD_FILE_STREAM)
  const { download } = chatFiles(cecContext(connection(start)))

  return callerHandler(DOWNLOAD_FILE_STREAM, {
    log: start.log,
    callers: pagesAndBackEnds(start),
    input: fromBody(DownloadRequest),
    run: async ({ input, deadline, ...request }) => ({
      body: await download(chatOf(request), input, deadline),
    }),
  })
}

export const handler = await primed(
  downloadFileStream,
  withTokensTable(
    byPageAndBackEnd(DOWNLOAD_FILE_STREAM, {
      body: { fileId: NOWHERE, fileType: 'txt', channel: 'WEB' },
      headers: { 'ccmessaging-token': NOWHERE },
    }),
  ),
)
