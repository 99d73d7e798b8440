import { describe, expect, it } from 'vitest'
import { jsonLog, type LogLevel } from '../../lib/log.ts'

const written = (minimum: LogLevel): string[] => {
  const lines: string[] = []
  const log = jsonLog(
    minimum,
    () => new Date(0),
    (line) => lines.push(line),
  )
  for (const level of ['INFO', 'WARN', 'ERROR'] as const)
    log(level, { code: 'INTERNAL', callerId: 'a\n"b\u0000' })
  return lines
}

describe('lib/log', () => {
  it.each([
    ['INFO', 3],
    ['WARN', 2],
    ['ERROR', 1],
  ] as const)('writes lines of at least %s', (minimum, count) => {
    expect(written(minimum)).toHaveLength(count)
  })

  it('writes one JSON object a line, control characters escaped', () => {
    expect(written('ERROR')).toEqual([
      String.raw`{"level":"ERROR","time":"1970-01-01T00:00:00.000Z","code":"INTERNAL","callerId":"a\n\"b\u0000"}`,
    ])
  })
})
