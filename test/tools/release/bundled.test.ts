import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledDependencies, bundledPackages } from '../../../tools/release/bundled.ts'
import { licences } from '../../../tools/release/licences.ts'
import { sbom } from '../../../tools/release/sbom.ts'

const A = {
  version: '1.0.0',
  license: 'MIT',
  integrity: `sha512-${'A'.repeat(86)}==`,
  resolved: 'https://a/a.tgz',
}
const LOCKFILE = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { ...A, dependencies: { '@s/b': '2', c: '1' } },
    'node_modules/a/node_modules/@s/b': { ...A, version: '2.0.0' },
    'node_modules/@s/b': { ...A, dependencies: { a: '1' } },
    'node_modules/c': A,
  },
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-bundled-'))
  mkdirSync(join(folder, 'source-maps'))
  const map = (name: string, sources: readonly string[]) =>
    writeFileSync(join(folder, 'source-maps', `${name}.mjs.map`), JSON.stringify({ sources }))
  map('put-user', [
    '../functions/put-user.ts',
    '../../node_modules/a/index.js',
    '../../node_modules/a/more.js',
  ])
  map('jwks', ['../../node_modules/a/node_modules/@s/b/x.js', '../../node_modules/@s/b/x.js'])
  for (const [path, name] of [
    ['node_modules/a', 'LICENSE'],
    ['node_modules/a/node_modules/@s/b', 'license.md'],
    ['node_modules/@s/b', 'LICENCE'],
  ] as const) {
    mkdirSync(join(folder, path), { recursive: true })
    writeFileSync(join(folder, path, name), `Text of ${path}\r\n`)
  }
  writeFileSync(join(folder, 'node_modules/a/NOTICE'), 'Notice of a')
})
afterAll(() => rmSync(folder, { recursive: true }))

const bundled = () => bundledPackages(folder, ['putUser', 'jwks'], LOCKFILE)

describe('tools/release/bundled: bundledPackages', () => {
  it('finds each package once, those within others too, and none that no bundle holds', () => {
    expect(bundled().map(({ name, version }) => `${name}@${version}`)).toEqual([
      '@s/b@1.0.0',
      'a@1.0.0',
      '@s/b@2.0.0',
    ])
  })

  it('throws when the lockfile does not know a package', () => {
    const { 'node_modules/a': _, ...packages } = LOCKFILE.packages
    expect(() => bundledPackages(folder, ['putUser'], { packages })).toThrow(
      'node_modules/a is bundled, and package-lock.json does not name it',
    )
  })
})

describe('tools/release/bundled: bundledDependencies', () => {
  it('finds the nearest version, as Node does', () => {
    const versions = bundled().map((component) =>
      bundledDependencies(component, bundled()).map(({ version }) => version),
    )
    expect(versions).toEqual([['1.0.0'], ['2.0.0'], []])
  })
})

describe('tools/release/sbom: sbom', () => {
  const product = { name: 'p', version: '0.1.0', license: 'Apache-2.0', dependencies: { a: '1.0.0' } }

  it('names the product, each package with its licence and digest, and what needs what', () => {
    const bill = sbom(product, bundled())
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { 'bom-ref': 'p@0.1.0', purl: 'pkg:npm/p@0.1.0' } },
      dependencies: [
        { ref: 'p@0.1.0', dependsOn: ['a@1.0.0'] },
        { ref: '@s/b@1.0.0', dependsOn: ['a@1.0.0'] },
        { ref: 'a@1.0.0', dependsOn: ['@s/b@2.0.0'] },
        { ref: '@s/b@2.0.0', dependsOn: [] },
      ],
    })
    expect((bill as { components: object[] }).components[0]).toEqual({
      type: 'library',
      'bom-ref': '@s/b@1.0.0',
      name: '@s/b',
      version: '1.0.0',
      purl: 'pkg:npm/%40s/b@1.0.0',
      licenses: [{ license: { id: 'MIT' } }],
      hashes: [{ alg: 'SHA-512', content: '0'.repeat(128) }],
      externalReferences: [{ type: 'distribution', url: 'https://a/a.tgz' }],
    })
  })
})

describe('tools/release/licences: licences', () => {
  it('has the texts of each package, its notices too', () => {
    const text = licences(folder, bundled())
    expect(text.split(/^-{80}$/m).map((part) => part.trim())).toEqual([
      '@s/b 1.0.0 (MIT)\n\nText of node_modules/@s/b',
      'a 1.0.0 (MIT)\n\nText of node_modules/a\n\nNotice of a',
      '@s/b 2.0.0 (MIT)\n\nText of node_modules/a/node_modules/@s/b',
    ])
  })

  it('has the text of MIT for a package that names it and its authors alone, and throws when a text is not known', () => {
    const describe = (content: object) =>
      writeFileSync(join(folder, 'node_modules/c/package.json'), JSON.stringify(content))
    mkdirSync(join(folder, 'node_modules/c'))
    describe({ author: { name: 'C and others' } })
    const c = { ...A, name: 'c', path: 'node_modules/c' }
    expect(licences(folder, [c])).toContain(
      'c 1.0.0 (MIT)\n\nCopyright (c) C and others\n\nPermission is hereby granted',
    )
    expect(() => licences(folder, [{ ...c, license: 'ISC' }])).toThrow('no licence text: c')
    describe({})
    const without = [...bundled(), { ...A, name: 'c', path: 'node_modules/c' }]
    expect(() => licences(folder, without)).toThrow('no licence text: c')
  })
})
