import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Imports go down this list or stay on their line, never up. First match counts. */
const LAYERS: readonly RegExp[] = [
  /^lib\/(schemas\/|config|log|errors|json-text|deadline|runtime|task|environment-credentials|dynamodb)/,
  /^lib\/secrets\//,
  /^lib\/jwt\//,
  /^lib\/(enterprise-token|access-token|oidc|directory|upstream|token-store)\//,
  /^lib\/prewarm\//,
  /^lib\/http\//,
  /^functions\//,
]

/** Each outside thing is touched in one module. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  '@middy/core': /^lib\/http\/handler\.ts$/,
  '@aws-sdk/client-secrets-manager': /^lib\/secrets\/aws\.ts$/,
  '@aws-sdk/client-dynamodb': /^lib\/dynamodb\.ts$/,
  '@aws-sdk/lib-dynamodb': /^lib\/((directory|token-store)\/)?dynamodb\.ts$/,
  'aws-lambda': /^lib\/(http\/handler|task)\.ts$/,
  jose: /^lib\/(enterprise-token\/|jwt\/signature|oidc\/provider-keys|token-store\/seal\.ts$)/,
  zod: /^(lib\/|functions\/prewarm-tokens\.ts$)/,
  'node:http': /^lib\/upstream\/outbound\.ts$/,
  'node:https': /^lib\/upstream\/outbound\.ts$/,
  'node:util': /^lib\/upstream\/reply-body\.ts$/,
  'node:zlib': /^lib\/upstream\/reply-body\.ts$/,
  'node:dns': /^lib\/upstream\/addresses\.ts$/,
  'node:net': /^lib\/(upstream\/addresses|schemas\/sources)\.ts$/,
}
const NODE_MODULES = /^node:(crypto)$/

type Sources = Readonly<Record<string, string>>

const productionSources = (): Sources =>
  Object.fromEntries(globSync('{lib,functions}/**/*.ts').map((file) => [file, readFileSync(file, 'utf8')]))

const importsOf = (source: string): string[] =>
  [
    ...source.matchAll(
      /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gms,
    ),
  ].map(([, a, b, c]) => a ?? b ?? c ?? '')

const layerOf = (file: string): number => LAYERS.findIndex((layer) => layer.test(file))

/** What is wrong with the imports, in words; empty when nothing is. */
const faults = (sources: Sources): string[] => {
  const found: string[] = []
  for (const [file, source] of Object.entries(sources)) {
    if (layerOf(file) < 0) found.push(`${file}: stands in no layer`)
    for (const specifier of importsOf(source)) {
      const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined
      if (target === undefined) {
        const allowed = NODE_MODULES.test(specifier) || PACKAGES[specifier]?.test(file)
        if (!allowed) found.push(`${file}: may not import ${specifier}`)
      } else if (layerOf(target) < 0) found.push(`${file}: imports ${target}, which is not production code`)
      else if (layerOf(target) > layerOf(file))
        found.push(`${file}: imports ${target}, which stands above it`)
    }
  }
  return [...found, ...cycles(sources)]
}

const cycles = (sources: Sources): string[] => {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
    if (done.has(file) || path.includes(file)) return
    for (const specifier of importsOf(sources[file] ?? '')) {
      if (specifier.startsWith('.')) visit(normalize(join(dirname(file), specifier)), [...path, file])
    }
    done.add(file)
  }
  for (const file of Object.keys(sources)) visit(file, [])
  return found
}

describe('imports', () => {
  it('go one way, and touch each outside thing in one module', () => {
    expect(faults(productionSources())).toEqual([])
  })

  it.each([
    [
      'lib/secrets/reader.ts',
      "import { x } from '../http/handler.ts'",
      'lib/secrets/reader.ts: imports lib/http/handler.ts, which stands above it',
    ],
    [
      'lib/log.ts',
      "import type { X } from './secrets/source.ts'",
      'lib/log.ts: imports lib/secrets/source.ts, which stands above it',
    ],
    [
      'lib/log.ts',
      "import { x } from '../local/stack.ts'",
      'lib/log.ts: imports local/stack.ts, which is not production code',
    ],
    [
      'functions/jwks.ts',
      "const x = await import('../test/support/mint.ts')",
      'functions/jwks.ts: imports test/support/mint.ts, which is not production code',
    ],
    ['functions/jwks.ts', "import middy from '@middy/core'", 'functions/jwks.ts: may not import @middy/core'],
    [
      'lib/http/callers.ts',
      "import {\n  x,\n} from '@aws-sdk/client-dynamodb'",
      'lib/http/callers.ts: may not import @aws-sdk/client-dynamodb',
    ],
    [
      'lib/http/callers.ts',
      "import { request } from 'node:https'",
      'lib/http/callers.ts: may not import node:https',
    ],
    ['lib/other/x.ts', '', 'lib/other/x.ts: stands in no layer'],
  ])('are refused in %s: %s', (file, source, expected) => {
    expect(faults({ [file]: source })).toContain(expected)
  })

  it('are refused when two modules of one layer import each other', () => {
    const sources = {
      'lib/log.ts': "import { x } from './errors.ts'",
      'lib/errors.ts': "import { y } from './log.ts'",
    }
    expect(faults(sources)).toEqual(['cycle: lib/log.ts → lib/errors.ts → lib/log.ts'])
  })
})
