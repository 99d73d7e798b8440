/** A counter before an emulator: hands every request on, and counts what AWS would bill. */

import { type LocalRequest, startHttpServer } from '../../local/http-server.ts'

/** What has gone through since the start. */
export interface Counted {
  readonly calls: number
  readonly readUnits: number
  readonly writeUnits: number
}

export interface Meter {
  readonly url: string
  readonly counted: () => Counted
  readonly close: () => Promise<void>
}

const READS = /^DynamoDB_\d+\.(Get|BatchGet|Query|Scan|TransactGet)/

/** DynamoDB says itself what a request has used, when it is asked to. */
export const startMeter = async (target: string): Promise<Meter> => {
  const counted = { calls: 0, readUnits: 0, writeUnits: 0 }
  const server = await startHttpServer({
    handle: async (request, response) => {
      const action = String(request.headers['x-amz-target'])
      const isTable = action.startsWith('DynamoDB_')
      const answer = await onward(target, request, isTable ? asking(request.body) : request.body)
      counted.calls += 1
      if (isTable) counted[READS.test(action) ? 'readUnits' : 'writeUnits'] += unitsIn(answer.text)
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text)
    },
  })
  return { url: server.url, counted: () => ({ ...counted }), close: server.close }
}

const asking = (body: Buffer): string =>
  JSON.stringify({ ...JSON.parse(body.toString()), ReturnConsumedCapacity: 'TOTAL' })

const onward = async (target: string, { method, url, headers }: LocalRequest, body: string | Buffer) => {
  const passed = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date']
  const reply = await fetch(new URL(url, target), {
    method,
    headers: Object.fromEntries(passed.map((name) => [name, String(headers[name] ?? '')])),
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  const type = reply.headers.get('content-type') ?? ''
  return { status: reply.status, type, text: await reply.text() }
}

/** The answer of one table, or of several. */
const unitsIn = (text: string): number => {
  const { ConsumedCapacity = [] } = JSON.parse(text) as { ConsumedCapacity?: Capacity | Capacity[] }
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
}

interface Capacity {
  readonly CapacityUnits?: number
}
