import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
}

const ROOT = join(import.meta.dirname, '..')
const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))

/** Licences that ask for no more than their text. */
const PERMISSIVE = new Set(['MIT', 'MIT-0', 'Apache-2.0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause'])

/** Node itself, for the scripts: never in a package, and one of these does not state its (MIT) licence. */
const NODE_BINARY = /^node_modules\/node-(bin-)?(linux|darwin|win)-/

const lockFaults = (packages: Readonly<Record<string, Locked>>): string[] =>
  Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, { version, license = 'none', integrity = '', dev, devOptional, resolved = '' }]) => [
      ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) ? [] : [`${path}: integrity is no SHA-512`]),
      ...(dev || devOptional || NODE_BINARY.test(path) || PERMISSIVE.has(license)
        ? []
        : [`${path}@${version}: licence ${license}`]),
      ...(/^(https:|$)/.test(resolved) ? [] : [`${path}: comes from ${resolved.split(':')[0]}`]),
    ])

describe('package-lock.json', () => {
  it('pins every package by SHA-512, and the licences of all that runs in production are permissive', () => {
    expect(lockFaults(read('package-lock.json').packages)).toEqual([])
  })

  it('is found out when a package has no digest, another licence or another source', () => {
    const integrity = `sha512-${'A'.repeat(86)}==`
    const packages = {
      a: { version: '1.0.0', license: 'MIT' },
      b: { version: '1.0.0', license: 'AGPL-3.0', integrity },
      c: { version: '1.0.0', license: 'AGPL-3.0', integrity, dev: true },
      d: { version: '1.0.0', license: 'MIT', integrity, resolved: 'git+ssh://host/d' },
    }
    expect(lockFaults(packages)).toEqual([
      'a: integrity is no SHA-512',
      'b@1.0.0: licence AGPL-3.0',
      'd: comes from git+ssh',
    ])
  })
})

describe('package.json', () => {
  it('names exact versions of everything', () => {
    const { dependencies, devDependencies, optionalDependencies } = read('package.json')
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    expect(versions.filter(([, version]) => !/^(npm:osls@)?\d+\.\d+\.\d+$/.test(String(version)))).toEqual([])
  })
})
