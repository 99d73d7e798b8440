import { randomBytes } from 'node:crypto'
import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readBody } from '../../../lib/outbound/reply-body.ts'

const TEXT = JSON.stringify({ token: 'für dich' })
const BYTES = Buffer.from(TEXT)
const MAX_BYTES = 64 * 1024

const bodyText = async (...body: Parameters<typeof readBody>) => (await readBody(...body)).text

/** Each encoding and a body in it; `zstd` only where this Node has it. */
const ENCODED: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  ...('zstdCompressSync' in zlib ? { zstd: zlib.zstdCompressSync } : {}),
}
const ENCODINGS = Object.keys(ENCODED)
const encode = (encoding: string, bytes: Buffer): Buffer => ENCODED[encoding]?.(bytes) ?? bytes
const codeAndReason = (work: Promise<string>) =>
  work.then(
    (text) => text,
    (error) => [error.code, error.detail.reason],
  )

describe('lib/outbound/reply-body', () => {
  it.each([undefined, '', ' ', ',', 'identity', 'Identity', 'identity, identity, identity'])(
    'takes a body as it is under %j',
    async (header) => {
      expect(await bodyText(BYTES, header, MAX_BYTES)).toBe(TEXT)
    },
  )

  it.each<[header: string, body: Buffer]>([
    ...ENCODINGS.map((encoding): [string, Buffer] => [encoding, encode(encoding, BYTES)]),
    ['GZip', zlib.gzipSync(BYTES)],
    [' gzip ', zlib.gzipSync(BYTES)],
    ['identity, gzip', zlib.gzipSync(BYTES)],
    ['gzip,', zlib.gzipSync(BYTES)],
    // Without the zlib format around it, which some send as "deflate", at each level of compression
    ...[0, 1, 6, 9].map((level): [string, Buffer] => ['deflate', zlib.deflateRawSync(BYTES, { level })]),
    ...[0, 1, 6, 9].map((level): [string, Buffer] => ['deflate', zlib.deflateSync(BYTES, { level })]),
    ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(BYTES))],
    ['br, gzip', zlib.gzipSync(zlib.brotliCompressSync(BYTES))],
    ['gzip, gzip', zlib.gzipSync(zlib.gzipSync(BYTES))],
    ['gzip, identity, deflate', zlib.deflateSync(zlib.gzipSync(BYTES))],
    // RFC 1952, section 2.2: members one after the other
    ['gzip', Buffer.concat([zlib.gzipSync(BYTES.subarray(0, 5)), zlib.gzipSync(BYTES.subarray(5))])],
  ])('decodes %j', async (header, body) => {
    expect(await bodyText(body, header, MAX_BYTES)).toBe(TEXT)
  })

  it.each(ENCODINGS)('takes an empty body under %s for empty', async (encoding) => {
    expect(await bodyText(Buffer.alloc(0), encoding, MAX_BYTES)).toBe('')
    expect(await bodyText(encode(encoding, Buffer.alloc(0)), encoding, MAX_BYTES)).toBe('')
  })

  it.each(['compress', 'x', 'gzip;q=1', 'gzip br', 'br, x', 'gzip, gzip, gzip', '*'])(
    'refuses the encoding %j',
    async (header) => {
      const body = zlib.gzipSync(BYTES)
      const expected = ['UPSTREAM_UNEXPECTED', 'unknown encoding']
      expect(await codeAndReason(bodyText(body, header, MAX_BYTES))).toEqual(expected)
      expect(await bodyText(body, 'gzip', MAX_BYTES)).toBe(TEXT)
    },
  )

  it.each(['gzip', 'br', 'deflate', 'utf-8', 'none', 'aws-chunked', 'br, x'])(
    'takes plain JSON as it is, though its header says %s',
    async (header) => {
      for (const plain of [BYTES, Buffer.from('\ufeff \n[1]')]) {
        expect(await bodyText(plain, header, MAX_BYTES)).toBe(plain.toString().replace('\ufeff', ''))
      }
    },
  )

  it.each(ENCODINGS)('refuses a body in %s that is broken or cut', async (encoding) => {
    const good = encode(encoding, BYTES)
    const expected = ['UPSTREAM_UNEXPECTED', 'broken encoding']
    for (const bad of [
      Buffer.from('<html>no JSON</html>'),
      good.subarray(0, -1),
      good.subarray(0, good.length >> 1),
      good.subarray(0, 1),
    ]) {
      expect(await codeAndReason(bodyText(bad, encoding, MAX_BYTES))).toEqual(expected)
    }
    expect(await bodyText(good, encoding, MAX_BYTES)).toBe(TEXT)
  })

  it('refuses two encodings in the wrong order', async () => {
    const body = zlib.brotliCompressSync(zlib.gzipSync(BYTES))
    const expected = ['UPSTREAM_UNEXPECTED', 'broken encoding']
    expect(await codeAndReason(bodyText(body, 'br, gzip', MAX_BYTES))).toEqual(expected)
    expect(await bodyText(body, 'gzip, br', MAX_BYTES)).toBe(TEXT)
  })

  it.each(ENCODINGS)('refuses a body in %s that grows beyond the most', async (encoding) => {
    const most = Buffer.alloc(MAX_BYTES, ' ')
    const tooLong = ['UPSTREAM_UNEXPECTED', 'body too large']
    const over = encode(encoding, Buffer.alloc(MAX_BYTES + 1, ' '))
    expect(await codeAndReason(bodyText(over, encoding, MAX_BYTES))).toEqual(tooLong)
    expect(await bodyText(encode(encoding, most), encoding, MAX_BYTES)).toBe(most.toString())
  })

  it.each(ENCODINGS)('never holds what a bomb in %s would become', async (encoding) => {
    const bomb = encode(encoding, Buffer.alloc(64 * 1024 * 1024))
    const before = process.memoryUsage.rss()
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 1)
    const tooLong = ['UPSTREAM_UNEXPECTED', 'body too large']
    expect(await codeAndReason(bodyText(bomb, encoding, MAX_BYTES))).toEqual(tooLong)
    expect(await codeAndReason(bodyText(zlib.gzipSync(bomb), `${encoding}, gzip`, 1024 * 1024))).toEqual(
      tooLong,
    )
    clearInterval(watch)
    expect(most - before).toBeLessThan(32 * 1024 * 1024)
  })

  it.skipIf(!('zstdCompressSync' in zlib))(
    'refuses a window of more than 8 MB, which the standard forbids',
    async () => {
      const text = randomBytes(512).toString('hex')
      const windowed = (log: number) =>
        zlib.zstdCompressSync(Buffer.from(text), {
          params: {
            [zlib.constants.ZSTD_c_windowLog]: log,
            [zlib.constants.ZSTD_c_contentSizeFlag]: 0,
          },
        })
      expect(await bodyText(windowed(20), 'zstd', MAX_BYTES)).toBe(text)
      // The frame's window descriptor (RFC 8878, section 3.1.1.1.2): exponent 17, so 128 MB
      const huge = Buffer.from(windowed(20))
      huge[5] = 17 << 3
      expect(await codeAndReason(bodyText(huge, 'zstd', MAX_BYTES))).toEqual([
        'UPSTREAM_UNEXPECTED',
        'broken encoding',
      ])
    },
  )

  it('takes a byte order mark off, also one that was compressed', async () => {
    const marked = Buffer.from(`\u{feff}${TEXT}`)
    expect(await bodyText(marked, undefined, MAX_BYTES)).toBe(TEXT)
    expect(await bodyText(zlib.gzipSync(marked), 'gzip', MAX_BYTES)).toBe(TEXT)
    expect(await bodyText(BYTES, undefined, MAX_BYTES)).toBe(TEXT)
  })

  it('says whether the bytes were UTF-8', async () => {
    const isUtf8 = async (body: Buffer) => (await readBody(body, undefined, MAX_BYTES)).isUtf8
    expect(await isUtf8(BYTES)).toBe(true)
    expect(await isUtf8(Buffer.from('{"a":"\ufffd"}'))).toBe(true)
    expect(await isUtf8(Buffer.from('{"a":"\xe9"}', 'latin1'))).toBe(false)
  })
})
