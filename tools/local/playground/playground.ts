/** `/playground` of the local stage: the page of `examples/playground/`, its back end, and the calls that both lead to. */

import { PassThrough } from 'node:stream'
import { type BackEnd, backEnd, type Place } from '../../../examples/playground/back-end.ts'
import { enterChat } from '../cec/server.ts'
import { LOOPBACK } from '../constants.ts'
import type { CallLog } from './call-log.ts'
import { PAGE_HEADERS, pageFiles } from './files.ts'
import { isByOwnPage, isForOwnHost, type RequestHeaders } from './own-page.ts'
import { BACK_END_PATH, CALLS_PATH, CHAT_ENTRY_PATH, PLAYGROUND_PATH } from './paths.ts'

/** The part of hapi's server that this touches. */
export interface PlaygroundServer {
  readonly info: { readonly port: number }
  route(route: {
    readonly method: Method
    readonly path: string
    readonly options?: object
    readonly handler: (request: PlaygroundRequest, toolkit: Toolkit) => object
  }): void
}

type Method = 'GET' | 'POST'

interface PlaygroundRequest {
  readonly headers: RequestHeaders
  readonly params: Readonly<Record<string, string>>
  readonly payload?: unknown
  readonly raw: { readonly res: { once(event: 'close', listener: () => void): void } }
}

interface Toolkit {
  response(body: string | object): Reply
}

interface Reply {
  code(status: number): Reply
  type(contentType: string): Reply
  header(name: string, value: string): Reply
}

type Handler = (request: PlaygroundRequest, toolkit: Toolkit) => Reply | Promise<Reply>

export interface PlaygroundOptions {
  readonly log: CallLog
  /** What the back end needs beside the API's address. */
  readonly place: Omit<Place, 'api'>
  /** The path of the route that CEC asks about a visitor. */
  readonly validatePath: string
}

/** JSON alone: no form of another page can send that. */
const JSON_BODY = { allow: 'application/json', maxBytes: 16 * 1024 }
/** Cookies of other programs on this machine come along, and a malformed one is not this page's fault. */
const ANY_COOKIES = { parse: false, failAction: 'ignore' }
const REFUSAL = { message: 'Only the playground of this stage may ask this, at its own address.' }

interface Served {
  readonly method: Method
  readonly path: string
  readonly isAllowed: typeof isForOwnHost
}

/** Adds it to the server. The returned function ends the streams, which would keep the server from stopping. */
export const servePlayground = (server: PlaygroundServer, options: PlaygroundOptions): (() => void) => {
  const { log, place, validatePath } = options
  const url = (): string => `http://${LOOPBACK}:${server.info.port}`
  const streams = new Set<PassThrough>()
  let site: BackEnd | undefined

  const serve = ({ method, path, isAllowed }: Served, answer: Handler): void =>
    server.route({
      method,
      path,
      options: { state: ANY_COOKIES, ...(method === 'POST' && { payload: JSON_BODY }) },
      handler: async (request, toolkit) => {
        const reply = isAllowed(request.headers, server.info.port)
          ? await answer(request, toolkit)
          : toolkit.response(REFUSAL).code(403)
        for (const [name, value] of Object.entries(PAGE_HEADERS)) reply.header(name, value)
        return reply
      },
    })
  const help = (method: Method, path: string, answer: Handler): void =>
    serve({ method, path, isAllowed: (headers, port) => isByOwnPage(method, headers, port) }, answer)

  for (const { path, type, text } of pageFiles())
    serve({ method: 'GET', path: PLAYGROUND_PATH + path, isAllowed: isForOwnHost }, async (_, toolkit) =>
      toolkit.response(await text()).type(type),
    )
  help('POST', `${BACK_END_PATH}/{route}`, async ({ params, payload, headers }, toolkit) => {
    site ??= backEnd({ api: url(), ...place })
    const answer = await site(params['route'] ?? '', Object(payload), headers['cookie']).catch(noAnswer)
    const reply = toolkit
      .response(await answer.text())
      .code(answer.status)
      .type('application/json')
    const cookie = answer.headers.get('set-cookie')
    return cookie === null ? reply : reply.header('set-cookie', cookie)
  })
  help('POST', CHAT_ENTRY_PATH, async ({ payload }, toolkit) => {
    const { status, content } = await enterChat(url() + validatePath, payload)
    return toolkit.response(content).code(status)
  })
  help('GET', CALLS_PATH, ({ raw }, toolkit) => {
    const stream = new PassThrough()
    stream.write('retry: 2000\n\n') // the head goes out with the first bytes, and a stage may have no call yet
    const leave = log.follow((call) => stream.write(`data: ${JSON.stringify(call)}\n\n`))
    streams.add(stream)
    raw.res.once('close', () => {
      leave()
      streams.delete(stream)
    })
    // Compressed, an event would wait for the next ones.
    return toolkit.response(stream).type('text/event-stream').header('content-encoding', 'identity')
  })
  return () => {
    for (const stream of streams) stream.end()
  }
}

const noAnswer = ({ name }: Error): Response =>
  Response.json({ message: `the API gave no answer (${name})` }, { status: 503 })
