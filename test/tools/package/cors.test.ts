import { describe, expect, it } from 'vitest'
import { corsOf } from '../../../tools/package/cors.ts'

describe('tools/package/cors', () => {
  it.each<[string | readonly string[] | undefined, readonly string[] | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['https://a.example, https://b.example', ['https://a.example', 'https://b.example']],
    [['https://a.example'], ['https://a.example']],
  ])('takes %j', (given, origins) => {
    expect(corsOf(given, 'prod')?.allowedOrigins).toEqual(origins)
  })

  it.each(['http://localhost:5173', 'http://127.0.0.1:5173', 'http://app.localhost:5173'])(
    'takes %s on the local stage alone, as the table of parameters does',
    (origin) => {
      expect(corsOf(origin, 'local')?.allowedOrigins).toEqual([origin])
      expect(() => corsOf(origin, 'prod')).toThrow(
        `corsOrigins says "${origin}": expected no page of this machine, which only npm start lets in.`,
      )
    },
  )

  it.each([
    ['*', 'expected no "*", which would let every page in'],
    ['https://a.example:443', 'expected "https://a.example", as a browser sends it'],
    ['https://a.example:99999', 'expected https:// and a host'],
    ['https://a..example', 'expected https:// and a host'],
    ['http://a.example', 'expected https:// and a host'],
  ])('refuses %s on every stage', (origin, expected) => {
    for (const stage of ['local', 'prod'])
      expect(() => corsOf(`https://b.example,${origin}`, stage)).toThrow(
        `corsOrigins says "${origin}": ${expected}.`,
      )
  })
})
