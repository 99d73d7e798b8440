/** What must be in the zips and beside them: tests of a package that others look at as well, since making one takes seconds. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageFaults, packageSizes } from '../../tools/package/sizes.ts'
import { readZip, type ZipEntry } from '../../tools/package/zip.ts'
import { FUNCTIONS } from './golden.ts'
import type { Package } from './package.ts'

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const zipOf = ({ folder }: Package, name: string) => readZip(readFileSync(join(folder, `${name}.zip`)))

/** What is wrong with the content of one function's zip. */
const zipFaults = (name: string, entries: ZipEntry[]): string[] => {
  const [expected, code] = [`functions/${kebab(name)}.mjs`, entries[0]?.content.toString() ?? '']
  return [
    ...entries.filter((entry) => entry.name !== expected).map((entry) => `holds ${entry.name}`),
    ...(entries.length === 1 ? [] : [`holds ${entries.length} files`]),
    ...(code.includes('sourceMappingURL') ? ['names a source map'] : []),
    // what the bundler throws in place of a call that only CommonJS can make
    ...(code.includes('Dynamic require of') ? ['calls require'] : []),
    // reads all its exports, and so loads undici, HTTP/2 and worker threads with it
    ...(/\bfrom ?"(node:)?http"/.test(code) ? ['imports node:http'] : []),
    // one of the sources of the SDK's own credential chain
    ...(code.includes('AssumeRoleWithWebIdentity') ? ['holds the whole credential chain'] : []),
    // it hands tokens to whoever signs in, without a password
    ...(/playground/i.test(code) ? ['holds the playground'] : []),
  ]
}

/** Of what runs on a developer's machine alone. */
const ofLocalStage = (source: string): boolean =>
  !source.includes('node_modules') && /(^|\/)(examples|tools)\//.test(source)

export const describeZips = (packaged: () => Package): void => {
  describe('the zips', () => {
    it.each(FUNCTIONS)('puts the one file of %s into its zip and nothing else', (name) => {
      expect(zipFaults(name, zipOf(packaged(), name))).toEqual([])
    })

    it.each(FUNCTIONS)('lets Lambda read the file of %s, though its maker had a strict mask', (name) => {
      expect(zipOf(packaged(), name).map(({ mode }) => mode & 0o777)).toEqual([0o644])
    })

    it('makes one zip per function', () => {
      expect(packageSizes(packaged().folder).map((size) => size.name)).toEqual([...FUNCTIONS].sort())
    })

    it.each(FUNCTIONS)('keeps the source map of %s beside the zips', (name) => {
      const map = JSON.parse(
        readFileSync(join(packaged().folder, 'source-maps', `${kebab(name)}.mjs.map`), 'utf8'),
      )
      expect(map.sources.some((source: string) => source.endsWith(`functions/${kebab(name)}.ts`))).toBe(true)
      expect(map.sources.filter(ofLocalStage)).toEqual([])
    })

    it('leaves no build folder and no temporary file behind', () => {
      expect(readdirSync(join(packaged().folder, '../.esbuild'))).toEqual([])
      expect(readdirSync(join(packaged().folder, '../.tmp'))).toEqual([])
    })

    it('finds a stale file and whatever else must not be in a bundle when planted', () => {
      const [bundle] = zipOf(packaged(), 'jwks')
      const content = Buffer.from(
        `${bundle?.content}//# sourceMappingURL=x.map\n"Dynamic require of ","AssumeRoleWithWebIdentity","/playground";import*as a from"node:http";`,
      )
      const planted = [
        { name: 'functions/jwks.mjs', content, mode: 0o100644 },
        { name: 'functions/jwks.mjs.map', content, mode: 0o100644 },
      ]
      expect(zipFaults('jwks', planted)).toEqual([
        'holds functions/jwks.mjs.map',
        'holds 2 files',
        'names a source map',
        'calls require',
        'imports node:http',
        'holds the whole credential chain',
        'holds the playground',
      ])
      expect(ofLocalStage('../../tools/local/playground/playground.ts')).toBe(true)
    })

    it('finds every package within its budget', () => {
      expect(packageFaults(packaged().folder)).toEqual([])
    })
  })
}
