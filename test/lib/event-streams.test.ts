import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EventStreamSerde, eventStreamSerdeProvider } from '../../lib/event-streams.ts'

const sourcesOf = (packages: string): readonly string[] =>
  globSync(`node_modules/${packages}/dist-es/**/*.js`).map((file) => readFileSync(file, 'utf8'))

/** What a client has that knows an operation with an event stream. */
const STREAMS = /resolveEventStreamSerdeConfig|eventStreamSerdeProvider/

describe('lib/event-streams', () => {
  it('has what the SDK asks for, and says why it cannot give it', () => {
    const expected = 'no operation of these clients has an event stream'
    expect(() => new EventStreamSerde()).toThrow(expected)
    expect(eventStreamSerdeProvider).toThrow(expected)
  })

  it('is never asked: no operation of our clients has an event stream, as those of CloudWatch Logs have', () => {
    const ours = sourcesOf('@aws-sdk/{client-dynamodb,lib-dynamodb,client-secrets-manager}')
    expect(ours.length).toBeGreaterThan(100)
    expect(ours.filter((source) => STREAMS.test(source))).toEqual([])
    expect(sourcesOf('@aws-sdk/client-cloudwatch-logs').some((source) => STREAMS.test(source))).toBe(true)
  })

  it('stands for all that the SDK imports at run time and that is not of Node', () => {
    const atRunTime = sourcesOf(
      '@{smithy,aws-sdk}/{core,dynamodb-codec,node-http-handler,signature-v4}',
    ).flatMap((source) => [...source.matchAll(/\bimport\("(?!node:)([^"]+)"\)/g)].map(([, name]) => name))
    // `bowser` is for browsers.
    expect(new Set(atRunTime)).toEqual(new Set(['@smithy/core/event-streams', 'bowser']))
  })
})
