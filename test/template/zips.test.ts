import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageSizes, sizeFault, VALIDATE_LIMIT } from '../../local/package-sizes.ts'
import { readZip, type ZipEntry } from '../../local/zip.ts'
import { FUNCTIONS } from './golden.ts'
import { type Package, packageProject } from './package.ts'

let packaged: Package

beforeAll(async () => {
  packaged = await packageProject('prod')
}, 60_000)

afterAll(() => packaged?.remove())

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const zipOf = (name: string) => readZip(readFileSync(join(packaged.folder, `${name}.zip`)))

/** What is wrong with the content of one function's zip. */
const zipFaults = (name: string, entries: ZipEntry[]): string[] => {
  const [expected, code] = [`functions/${kebab(name)}.cjs`, entries[0]?.content.toString() ?? '']
  return [
    ...entries.filter((entry) => entry.name !== expected).map((entry) => `holds ${entry.name}`),
    ...(entries.length === 1 ? [] : [`holds ${entries.length} files`]),
    ...(code.includes('sourceMappingURL') ? ['names a source map'] : []),
    // one of the sources of the SDK's own credential chain
    ...(code.includes('AssumeRoleWithWebIdentity') ? ['holds the whole credential chain'] : []),
  ]
}

describe('serverless package', () => {
  it.each(FUNCTIONS)('puts the one file of %s into its zip and nothing else', (name) => {
    expect(zipFaults(name, zipOf(name))).toEqual([])
  })

  it('makes one zip per function', () => {
    expect(packageSizes(packaged.folder).map((size) => size.name)).toEqual([...FUNCTIONS].sort())
  })

  it.each(FUNCTIONS)('keeps the source map of %s beside the zips', (name) => {
    const map = JSON.parse(
      readFileSync(join(packaged.folder, 'source-maps', `${kebab(name)}.cjs.map`), 'utf8'),
    )
    expect(map.sources.some((source: string) => source.endsWith(`functions/${kebab(name)}.ts`))).toBe(true)
  })

  it('leaves no build folder behind', () => {
    expect(readdirSync(join(packaged.folder, '../.esbuild'))).toEqual([])
  })

  it('finds a stale file, a source map and the credential chain when planted', () => {
    const [bundle] = zipOf('jwks')
    const content = Buffer.from(`${bundle?.content}//# sourceMappingURL=x.map\n"AssumeRoleWithWebIdentity"`)
    const planted = [
      { name: 'functions/jwks.cjs', content },
      { name: 'functions/jwks.cjs.map', content },
    ]
    expect(zipFaults('jwks', planted)).toEqual([
      'holds functions/jwks.cjs.map',
      'holds 2 files',
      'names a source map',
      'holds the whole credential chain',
    ])
  })
})

describe('local/package-sizes', () => {
  it('finds the bundle of the validate function small enough', () => {
    expect(sizeFault(packageSizes(packaged.folder))).toBeUndefined()
  })

  it('names the limit when the bundle of the validate function is one byte too big', () => {
    const sizes = [{ name: 'validateEnterpriseToken', zip: 1, bundle: VALIDATE_LIMIT + 1 }]
    expect(sizeFault(sizes)).toContain('more than the 400.0 KB it may have')
  })

  it('complains when there is nothing to measure', () => {
    expect(sizeFault([])).toContain('no package of validateEnterpriseToken')
  })
})

describe('local/zip', () => {
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
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(30 + name.length + data.length, 16)
    return Buffer.concat([local, Buffer.from(name), data, entry, Buffer.from(name), end])
  }

  it('unpacks a file', () => {
    expect(readZip(zip('a.txt', 'hello'))).toEqual([{ name: 'a.txt', content: Buffer.from('hello') }])
  })

  it('refuses a file whose checksum differs', () => {
    expect(() => readZip(zip('a.txt', 'hallo'))).toThrow('a.txt is damaged')
  })

  it('refuses what is no zip', () => {
    expect(() => readZip(Buffer.from('x'.repeat(100)))).toThrow('no end record')
  })
})
