/** Reads a zip archive, for the tests that look into the deployment packages. */
import { crc32, inflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  content: Buffer
  /** Of Unix, such as 0o100644 for a file that everybody may read; 0 where the archive tells none. */
  mode: number
}

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50
const STORED = 0
const DEFLATED = 8

/**
 * All entries of the archive, folders included, as its central directory lists them, unpacked and checked
 * against their CRC. Throws on anything it does not know: Zip64, encryption, other compression methods.
 */
export const readZip = (zip: Buffer): ZipEntry[] => {
  const end = endOfDirectory(zip)
  const count = zip.readUInt16LE(end + 10)
  const entries: ZipEntry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('zip: broken central directory')
    entries.push(readEntry(zip, at))
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  if (at !== end) throw new Error('zip: the central directory does not end where the archive says')
  return entries
}

const endOfDirectory = (zip: Buffer): number => {
  // no comment, so the record stands at the very end
  const at = zip.length - 22
  if (at < 0 || zip.readUInt32LE(at) !== END_OF_DIRECTORY) throw new Error('zip: no end record, or a comment')
  return at
}

const readEntry = (zip: Buffer, at: number): ZipEntry => {
  const flags = zip.readUInt16LE(at + 8)
  const method = zip.readUInt16LE(at + 10)
  const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28))
  const header = zip.readUInt32LE(at + 42)
  if (flags & 1) throw new Error(`zip: ${name} is encrypted`)
  if (zip.readUInt32LE(header) !== LOCAL_HEADER) throw new Error(`zip: ${name} has no header (Zip64?)`)
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
  const content = unpack(zip.subarray(start, start + zip.readUInt32LE(at + 20)), method, name)
  if (crc32(content) !== zip.readUInt32LE(at + 16)) throw new Error(`zip: ${name} is damaged`)
  return { name, content, mode: zip.readUInt32LE(at + 38) >>> 16 }
}

const unpack = (data: Buffer, method: number, name: string): Buffer => {
  if (method === DEFLATED) return inflateRawSync(data)
  if (method === STORED) return data
  throw new Error(`zip: ${name} uses compression method ${method}`)
}
