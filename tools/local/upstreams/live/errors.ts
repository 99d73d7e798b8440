/** Alibaba's errors, and its answers in JSON or XML. */

import { randomUUID } from 'node:crypto'
import { type Call, header, json, type Reply } from '../call.ts'

/** An error that goes to the client with `status`, in the form that it accepts. */
export class LiveError extends Error {
  readonly code: string
  readonly status: number

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'LiveError'
    this.status = status
    this.code = code
  }
}

/** Their spelling. */
export const invalidParameter = (): LiveError => new LiveError(400, 'InvaildParameter', 'Invalid Parameter')

export const newRequestId = (): string => randomUUID().toUpperCase()

export const errorReply = (
  call: Call,
  { status, code, message }: Pick<LiveError, 'status' | 'code' | 'message'>,
  headers: Reply['headers'] = {},
): Reply => {
  const RequestId = newRequestId()
  const Recommend = `https://api.alibabacloud.com/troubleshoot?q=${code}&product=live&requestId=${RequestId}`
  const content = { RequestId, HostId: header(call, 'host'), Code: code, Message: message, Recommend }
  return reply(call, { root: 'Error', content }, { status, headers })
}

interface Outcome {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Reply['headers']
}

interface Content {
  /** The name of XML's root, which JSON leaves out. */
  readonly root: string
  readonly content: object
}

/** JSON for a client that asks for it, XML for everyone else. */
export const reply = (
  call: Call,
  { root, content }: Content,
  { status = 200, headers = {} }: Outcome = {},
): Reply => {
  if (header(call, 'accept').toLowerCase().includes('application/json')) return json(status, content, headers)
  const body = `<?xml version='1.0' encoding='UTF-8'?>${xml({ [root]: content })}`
  return { status, headers: { 'content-type': 'text/xml;charset=utf-8', ...headers }, body }
}

const xml = (content: object): string =>
  Object.entries(content)
    .map(([name, value]) => `<${name}>${typeof value === 'object' ? xml(value) : escapeXml(value)}</${name}>`)
    .join('')

const escapeXml = (value: unknown): string =>
  String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
