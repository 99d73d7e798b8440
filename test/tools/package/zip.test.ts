import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readZip } from '../../../tools/package/zip.ts'

describe('tools/package/zip', () => {
  /** One file, deflated, as the plugin writes it. */
  const zip = (name: string, content: string) => {
    const data = deflateRawSync(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(0x3610a686, 16) // crc32('hello')
    entry.writeUInt32LE(data.length, 20)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt16LE(0o100640, 40)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(30 + name.length + data.length, 16)
    return Buffer.concat([local, Buffer.from(name), data, entry, Buffer.from(name), end])
  }

  it('unpacks a file, and tells who may read it', () => {
    expect(readZip(zip('a.txt', 'hello'))).toEqual([
      { name: 'a.txt', content: Buffer.from('hello'), mode: 0o100640 },
    ])
  })

  it('refuses a file whose checksum differs', () => {
    expect(() => readZip(zip('a.txt', 'hallo'))).toThrow('a.txt is damaged')
  })

  it('refuses what is no zip', () => {
    expect(() => readZip(Buffer.from('x'.repeat(100)))).toThrow('no end record')
  })
})
