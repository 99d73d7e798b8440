/** The body of a vendor's answer, from the bytes that came to the text that is read. */

import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { BridgeError } from '../errors.ts'
import { UpstreamFailure } from './failures.ts'

/** We ask for none. Boxes before a vendor compress all the same: one of the vendor's, and one of the network's. */
const MOST_ENCODINGS = 2
/** RFC 9659, section 3: no sender may need more than 8 MB to be read. */
const ZSTD_WINDOW_LOG = 23

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const gunzip: Decode = promisify(zlib.gunzip)
const inflate: Decode = promisify(zlib.inflate)
const inflateRaw: Decode = promisify(zlib.inflateRaw)

/** RFC 9110, section 8.4.1.2: some send "deflate" without the zlib format around it. RFC 1950, section 2.2 tells them apart. */
const deflated: Decode = (body, options) => {
  const [method = 0, flags = 0] = body
  const isWrapped = (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0
  return (isWrapped ? inflate : inflateRaw)(body, options)
}

const zstd: Decode = (body, options) =>
  promisify(zlib.zstdDecompress)(body, {
    ...options,
    params: { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
  })

const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', deflated],
  ['br', promisify(zlib.brotliDecompress) as Decode],
  // Node has it since 22.15.
  ...('zstdDecompress' in zlib ? ([['zstd', zstd]] as const) : []),
])

/**
 * The text of a body, without a byte order mark, and whether its bytes were UTF-8; if not, U+FFFD stands for the others. `contentEncoding` is the header: up to two of gzip, deflate, br and
 * zstd, the last one applied last. Never holds more than `maxBytes` of what is decoded. An empty body is empty in every
 * encoding. A header that is not true of a body of plain JSON (`utf-8`, `none`, `gzip` of what nobody has compressed) is
 * ignored. Throws UPSTREAM_UNEXPECTED: body too large, unknown encoding, broken encoding.
 */
export const readBody = async (
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isUtf8: boolean }> => {
  const bytes = await decoded(body, contentEncoding, maxBytes).catch((error: unknown) => {
    if (error instanceof UpstreamFailure && isPlainJson(body)) return body
    throw error
  })
  const text = new TextDecoder().decode(bytes)
  return { text, isUtf8: !text.includes('\ufffd') || isUtf8(bytes) }
}

const decoded = async (
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> => {
  let bytes = body
  if (body.length > 0) {
    for (const decode of decodersOf(contentEncoding)) {
      bytes = await decode(bytes, { maxOutputLength: maxBytes }).catch(asUnexpected)
    }
  }
  return bytes
}

/** Behind a byte order mark and blanks: the beginning of an object or a list. */
const isPlainJson = (body: Buffer): boolean => /^(\ufeff)?\s*[[{]/.test(body.subarray(0, 64).toString('utf8'))

/** Reason of UPSTREAM_UNEXPECTED for a body over its cap. */
export const TOO_LARGE = 'body too large'

export const bodyTooLarge = () =>
  new BridgeError('UPSTREAM_UNEXPECTED', 'expected a shorter answer', { detail: { reason: TOO_LARGE } })

/** In the order in which they are taken off. */
const decodersOf = (contentEncoding = ''): Decode[] => {
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity')
  const decoders = encodings.flatMap((encoding) => DECODERS.get(encoding) ?? [])
  if (decoders.length !== encodings.length || encodings.length > MOST_ENCODINGS)
    throw new UpstreamFailure('unexpected-reply', { reason: 'unknown encoding' })
  return decoders.reverse()
}

const asUnexpected = (error: NodeJS.ErrnoException): never => {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge()
  throw new UpstreamFailure('unexpected-reply', { reason: 'broken encoding' })
}
