/** How the faults look that every vendor can have. */

import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { type Call, type Fields, html, jsonObject, type Outcome, type Reply } from './call.ts'
import type { FaultName, FaultSettings } from './faults.ts'

export interface Misbehaviour {
  /** The calls that can have it; default all. */
  readonly calls?: readonly string[]
  /** `truth` makes the vendor act on the call and gives its true answer. */
  readonly run: (
    call: Call,
    settings: FaultSettings,
    truth: () => Promise<Reply>,
  ) => Outcome | Promise<Outcome>
}

export type Misbehaviours = Partial<Readonly<Record<FaultName, Misbehaviour>>>

/** What the common faults must know of a vendor. */
export interface Dialect {
  /** An error in the vendor's form. `code` undefined: the vendor's code for an inner error or, on 429, throttling. */
  error(
    call: Call,
    error: {
      status: number
      code?: string | number | undefined
      message: string
      headers?: Reply['headers']
    },
  ): Reply
  /** Where the token stands in a call's answer. */
  readonly tokens: Readonly<Record<string, readonly string[]>>
  /** Where its lifetime stands. */
  readonly lifetimes: Readonly<Record<string, readonly string[]>>
  /** The members of a call's answer that the fault `optional-absent` removes. */
  readonly optional: Readonly<Record<string, readonly string[]>>
  /** Status 200 and a failure in the body. */
  failureInside(call: Call, code: string | number | undefined): Reply
  /** Default 429. */
  readonly throttledStatus?: number
}

const HUGE_BYTES = 2 * 1024 * 1024
const BOMB_BYTES = 8 * 1024 * 1024
export const REDIRECT_TARGET = '/_redirected'

/** The misbehaviours of every vendor, spoken in one vendor's dialect and told by its clock. */
export const commonMisbehaviours = (dialect: Dialect, now: () => Date): Misbehaviours => ({
  slow: {
    run: async (call, { ms = 1000 }, truth) => {
      const reply = await truth()
      // A client that has gone away must not keep the process alive.
      await sleep(ms, undefined, { signal: call.gone }).catch(() => undefined)
      return reply
    },
  },
  silent: { run: () => 'silence' },
  reset: { run: () => 'reset' },
  'not-http': { run: () => 'not-http' },
  'status-500': { run: (call) => dialect.error(call, { status: 500, message: 'Internal error.' }) },
  'status-404': { run: () => html(404, 'Not found') },
  'status-502': { run: () => html(502, 'Bad gateway') },
  'status-503': { run: () => html(503, 'Service unavailable') },
  'html-403': { run: () => html(403, 'Request blocked') },
  'status-418': { run: () => html(418, 'Request blocked') },
  throttled: { run: (call, settings) => throttled(dialect, { call, settings }) },
  'throttled-retry-after': {
    run: (call, settings) =>
      throttled(dialect, { call, settings, headers: { 'retry-after': String(settings.seconds ?? 1) } }),
  },
  'retry-after-date': {
    run: (call, settings) => {
      const at = now().getTime()
      const until = at + (settings.seconds ?? 1) * 1000
      // Not the moment at which it is sent, which may be of the next second.
      const date = new Date(at).toUTCString()
      const headers = { date, 'retry-after': new Date(until).toUTCString() }
      return throttled(dialect, { call, settings, headers })
    },
  },
  'invalid-json': {
    run: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"token": "abc' }),
  },
  'empty-token': {
    calls: Object.keys(dialect.tokens),
    run: async (call, _, truth) => change(await truth(), dialect.tokens[call.name] ?? [], () => ''),
  },
  'quoted-token': {
    calls: Object.keys(dialect.tokens),
    run: async (call, _, truth) =>
      change(await truth(), dialect.tokens[call.name] ?? [], (token) => `"${token}"`),
  },
  'optional-absent': {
    calls: Object.keys(dialect.optional),
    run: async (call, _, truth) =>
      (dialect.optional[call.name] ?? []).reduce(
        (reply, member) => change(reply, [member], () => undefined),
        await truth(),
      ),
  },
  'other-case': {
    run: async (_call, _settings, truth) => {
      const reply = await truth()
      const content = jsonObject(reply.body)
      return content ? { ...reply, body: JSON.stringify(inOtherCase(content)) } : reply
    },
  },
  'zero-lifetime': {
    calls: Object.keys(dialect.lifetimes),
    run: async (call, _, truth) =>
      change(await truth(), dialect.lifetimes[call.name] ?? [], (life) =>
        typeof life === 'string' ? '0' : 0,
      ),
  },
  'failure-inside': { run: (call, { code }) => dialect.failureInside(call, code) },
  gzip: compressed('gzip', gzipSync),
  br: compressed('br', brotliCompressSync),
  deflate: compressed('deflate', deflateSync),
  'gzip-bomb': compressed('gzip', (body) => Buffer.concat([bomb(), gzipSync(body)])),
  bom: {
    run: async (_call, _settings, truth) => {
      const reply = await truth()
      return { ...reply, body: `\u{feff}${reply.body}` }
    },
  },
  'huge-body': {
    run: async (_call, _settings, truth) => {
      const reply = await truth()
      return { ...reply, body: ' '.repeat(HUGE_BYTES) + reply.body }
    },
  },
  'wrong-content-type': {
    run: async (_call, _settings, truth) => {
      const reply = await truth()
      return { ...reply, headers: { ...reply.headers, 'content-type': 'text/html' } }
    },
  },
  redirect: {
    run: ({ headers, name }) => ({
      status: 302,
      headers: { location: `http://${headers.host}${REDIRECT_TARGET}/${name}` },
      body: '',
    }),
  },
  echo: {
    run: (call, { status = 400, code }) => {
      const heard = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`)
      const message = [`${call.method} ${call.path}?${call.query}`, ...heard, call.body.toString()].join('\n')
      const headers = { 'x-echo': heard.join(' ') }
      return dialect.error(call, { status, code, message, headers })
    },
  },
  reply: {
    run: (_call, { status = 200, headers = {}, body = '' }) => ({ status, headers, body }),
  },
})

interface Throttled {
  readonly call: Call
  readonly settings: FaultSettings
  readonly headers?: Reply['headers']
}

/** The vendor's throttling with a hint in its headers. */
export const throttled = (
  { error, throttledStatus = 429 }: Dialect,
  { call, settings: { status = throttledStatus, code }, headers = {} }: Throttled,
): Reply =>
  error(call, { status, code: code ?? 'throttled', message: 'Too many requests, come back later.', headers })

const compressed = (encoding: string, compress: (body: Reply['body']) => Buffer): Misbehaviour => ({
  run: async (_call, _settings, truth) => {
    const reply = await truth()
    const headers = { ...reply.headers, 'content-encoding': encoding }
    return { ...reply, headers, body: compress(reply.body) }
  },
})

let madeBomb: Buffer | undefined
/** Made once: a poll would be over before. What follows it is a gzip member of its own. */
const bomb = (): Buffer => {
  madeBomb ??= gzipSync(Buffer.alloc(BOMB_BYTES, ' '))
  return madeBomb
}

/** In lower case, and what is so already with a capital. */
const inOtherCase = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inOtherCase)
  const members = Object.entries(value).map(([name, item]) => {
    const lower = name.toLowerCase()
    return [lower === name ? name.charAt(0).toUpperCase() + name.slice(1) : lower, inOtherCase(item)]
  })
  return Object.fromEntries(members)
}

/** Changes one member of a JSON answer; `undefined` removes it. Answers without it, refusals above all, stay. */
const change = (
  reply: Reply,
  path: readonly string[],
  edit: (value: unknown) => string | number | undefined,
): Reply => {
  const content = jsonObject(reply.body)
  const body = content && changed(content, path, edit)
  return body ? { ...reply, body: JSON.stringify(body) } : reply
}

const changed = (
  content: Fields,
  [member = '', ...rest]: readonly string[],
  edit: (value: unknown) => string | number | undefined,
): Fields | undefined => {
  const value = content[member]
  if (value === undefined) return undefined
  return { ...content, [member]: rest.length > 0 ? changed(value as Fields, rest, edit) : edit(value) }
}
