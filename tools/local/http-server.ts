/** The one HTTP server under every local emulator: loopback only, `Host` checked, bodies capped. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024

export type LocalRequest = {
  method: string
  /** Path and query as sent, e.g. `/path?a=b`. */
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export type LocalServer = {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  url: string
  port: number
  /** Stops listening and ends every connection, also idle and hanging ones. */
  close(): Promise<void>
}

export type LocalServerOptions = {
  /** Default 0: a free port. */
  port?: number | undefined
  /** Further values of `Host` that are its own, as `<name>:<port>`: of a proxy in front of it. Default none. */
  hosts?: readonly string[] | undefined
  /** Default 1 MiB; a longer body is answered with 413. */
  maxBodyBytes?: number | undefined
  /** Answers one request. A thrown error becomes a bare 500 and is printed to stderr. */
  handle(request: LocalRequest, response: ServerResponse): void | Promise<void>
}

/**
 * Starts an HTTP server on 127.0.0.1.
 *
 * A request whose `Host` is none of `hosts` and not `127.0.0.1` or `localhost` with the server's own port gets 403, so that no
 * web page can reach an emulator through a name of its own (DNS rebinding). Nothing else about the caller
 * is checked. Rejects when the port is taken.
 */
export async function startHttpServer(options: LocalServerOptions): Promise<LocalServer> {
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  let ownHosts = new Set<string>()

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error)
      reply(response, 500, 'Internal error in a local emulator')
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!ownHosts.has((request.headers.host ?? '').toLowerCase())) {
      return reply(response, 403, 'Host header refused')
    }
    const body = await readBody(request, maxBodyBytes)
    if (body === 'aborted') return
    if (body === 'too-large') return reply(response, 413, 'Body too large')
    const { method = '', url = '', headers } = request
    await options.handle({ method, url, headers, body }, response)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  ownHosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, ...(options.hosts ?? [])])

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve())
      // close() alone would wait for keep-alive sockets of the AWS SDK, which never end by themselves.
      server.closeAllConnections()
    })
    return closing
  }
  return { url: `http://127.0.0.1:${port}`, port, close }
}

async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | 'too-large' | 'aborted'> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      // The rest is read and dropped: answering before the client has finished sending would reset it.
      if (length <= maxBytes) chunks.push(chunk)
    }
  } catch {
    return 'aborted'
  }
  return length > maxBytes ? 'too-large' : Buffer.concat(chunks)
}

function reply(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ message }))
}
