import { describe, expect, it } from 'vitest'
import { shortening, shortLine, shortRequest } from '../../../tools/local/short-lines.ts'

const LINE = {
  level: 'INFO',
  time: '2026-01-01T10:00:00.123Z',
  code: 'TOKEN_ISSUED',
  function: 'issueEnterpriseToken',
  status: 201,
  requestId: 'a',
  durationMs: 12,
  audit: true,
  tenantSpaceId: '202007159031',
  userId: 'x'.repeat(80),
}

describe('tools/local/short-lines', () => {
  it('makes one short line of a request', () => {
    expect(shortLine(JSON.stringify(LINE))).toBe(
      `10:00:00  INFO   201  issueEnterpriseToken  TOKEN_ISSUED  12 ms  tenantSpaceId=202007159031  userId=${'x'.repeat(60)}…`,
    )
  })

  it('makes one of a line that belongs to no request', () => {
    const { level, time } = LINE
    const line = JSON.stringify({ level, time, code: 'MACHINE_TOKEN_FETCHED', system: 'cec' })
    expect(shortLine(line)).toBe('10:00:00  INFO   MACHINE_TOKEN_FETCHED  system=cec')
  })

  it('makes one of a request that no function got, without what a terminal would obey', () => {
    const asked = `GET /\u001b[2J${'x'.repeat(60)}`
    const ms = Date.parse('2026-01-01T10:00:00.123Z')
    expect(shortRequest({ ms, status: 404, asked, reason: 'no such route' })).toBe(
      `10:00:00  INFO   404  GET /?[2J${'x'.repeat(51)}…: no such route`,
    )
  })

  it.each(['Server ready', '{"level":"INFO"', '{"retCode":0}', ''])('leaves %j as it is', (line) => {
    expect(shortLine(line)).toBe(line)
  })

  it('waits for the end of a line that comes in pieces', () => {
    const written: string[] = []
    const write = shortening((text) => written.push(text))
    const text = `${JSON.stringify(LINE)}\nplain\nbeg`
    for (const piece of [text.slice(0, 20), text.slice(20), 'un\n']) write(piece)
    expect(written.join('')).toBe(`${shortLine(JSON.stringify(LINE))}\nplain\nbegun\n`)
  })
})
