import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What every room may import beside its own files: modules that stand alone at the foot of `lib`. */
const FOOT = ['errors', 'log', 'schemas', 'concurrency']
const CALLS = [...FOOT, 'outbound', 'table', 'token-cache', 'circuit-breaker', 'secrets', 'start']

/** The rooms of the house, and which others each may enter. What is not listed here may not be imported. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  client: [],
  errors: [],
  schemas: ['errors'],
  'json-text': [],
  metrics: ['errors'],
  log: ['errors', 'metrics'],
  config: ['errors', 'schemas'],
  concurrency: ['errors'],
  dynamodb: ['errors', 'concurrency'],
  'environment-credentials': [],
  'endpoint-cache': [],
  'event-streams': [],
  secrets: [...FOOT, 'json-text'],
  start: [...FOOT, 'config', 'secrets'],
  jwt: FOOT,
  outbound: [...FOOT, 'json-text'],
  table: [...FOOT, 'dynamodb'],
  directory: [...FOOT, 'dynamodb'],
  callers: [...FOOT, 'dynamodb', 'secrets'],
  'circuit-breaker': [...FOOT, 'outbound', 'table'],
  'token-cache': [...FOOT, 'table'],
  'signing-keys': [...FOOT, 'jwt', 'secrets', 'directory'],
  'signed-token': [...FOOT, 'jwt', 'secrets', 'directory', 'signing-keys', 'table', 'start'],
  'enterprise-token': [...FOOT, 'jwt', 'directory', 'signed-token'],
  'access-token': [...FOOT, 'jwt', 'signed-token'],
  'agent-token': [...FOOT, 'jwt', 'secrets', 'directory', 'signed-token'],
  users: [...FOOT, 'jwt', 'secrets', 'directory'],
  oidc: [...FOOT, 'jwt', 'outbound'],
  vendors: CALLS,
  'vendors/cec': [...CALLS, 'vendors'],
  'vendors/cec/route': ['http', 'vendors/cec'],
  'vendors/oiap': [...CALLS, 'vendors'],
  'vendors/oiap/route': ['http', 'vendors', 'vendors/oiap'],
  'vendors/live': [...CALLS, 'vendors'],
  'vendors/registry': ['vendors', 'vendors/cec', 'vendors/oiap', 'vendors/live'],
  prewarm: [...FOOT, 'secrets', 'table', 'token-cache', 'vendors'],
  doctor: [
    ...[
      'errors',
      'log',
      'schemas',
      'concurrency',
      'outbound',
      'secrets',
      'start',
      'oidc',
      'prewarm',
      'callers',
    ],
    ...['vendors', 'vendors/cec', 'vendors/oiap', 'vendors/live', 'vendors/registry'],
  ],
  probe: [...FOOT, 'outbound'],
  routes: [...FOOT, 'config', 'secrets', 'http'],
  http: [
    ...FOOT,
    ...[
      'config',
      'json-text',
      'start',
      'secrets',
      'jwt',
      'outbound',
      'callers',
      'directory',
      'signing-keys',
      'signed-token',
    ],
    ...['access-token', 'oidc'],
  ],
  priming: [...FOOT, 'config', 'jwt', 'secrets', 'start', 'table', 'http'],
}

/** The room of a file: the longest name of a room that its path within `lib` begins with. */
const roomOf = (file: string): string | undefined => {
  if (file.startsWith('functions/')) return 'functions'
  if (file.startsWith('client/src/')) return 'client'
  const path = /^lib\/(.*?)(\.ts)?$/.exec(file)?.[1] ?? ''
  return Object.keys(ROOMS)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]
}

const mayEnter = (from: string, to: string): boolean =>
  from === 'functions'
    ? !['functions', 'client'].includes(to)
    : from === to || ROOMS[from]?.includes(to) === true

/** Each outside thing is touched in one module. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  '@middy/core': /^lib\/http\/handler\.ts$/,
  '@aws-sdk/client-secrets-manager': /^lib\/secrets\/aws\.ts$/,
  '@aws-sdk/client-dynamodb': /^lib\/dynamodb\.ts$/,
  '@aws-sdk/lib-dynamodb': /^lib\/((callers|directory|table)\/)?dynamodb(-[a-z]+)?\.ts$/,
  'aws-lambda': /^lib\/(http\/exchange|start\/task)\.ts$/,
  jose: /^lib\/(jwt\/|signing-keys\/|oidc\/provider-keys|token-cache\/seal\.ts$)/,
  // `zod` itself is 65 KB more in every package, which each start reads.
  'zod/mini': /^lib\//,
  'node:http': /^lib\/outbound\/(connections|exchange)\.ts$/,
  'node:https': /^lib\/(outbound\/(connections|exchange)|dynamodb)\.ts$/,
  'node:util': /^lib\/outbound\/reply-body\.ts$/,
  'node:buffer': /^lib\/outbound\/reply-body\.ts$/,
  'node:zlib': /^lib\/outbound\/reply-body\.ts$/,
  'node:dns': /^lib\/outbound\/address-guard\.ts$/,
  'node:net': /^lib\/(outbound\/(address-guard|exchange|outbound)|schemas\/sources)\.ts$/,
}
const NODE_MODULES = /^node:(crypto)$/

type Sources = Readonly<Record<string, string>>

const productionSources = (): Sources =>
  Object.fromEntries(
    globSync('{lib,functions,client/src}/**/*.ts').map((file) => [file, readFileSync(file, 'utf8')]),
  )

const importsOf = (source: string): string[] =>
  [
    ...source.matchAll(
      /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\b(?:import|getBuiltinModule)\('([^']+)'\)/gms,
    ),
  ].map(([, a, b, c]) => a ?? b ?? c ?? '')

/** What is wrong with the imports, in words; empty when nothing is. */
const faults = (sources: Sources): string[] => {
  const found: string[] = []
  for (const [file, source] of Object.entries(sources)) {
    const room = roomOf(file)
    if (room === undefined) {
      found.push(`${file}: stands in no room`)
      continue
    }
    for (const specifier of importsOf(source)) {
      const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined
      if (target === undefined) {
        // the client runs in a browser, and brings nothing along
        const allowed = room !== 'client' && (NODE_MODULES.test(specifier) || PACKAGES[specifier]?.test(file))
        if (!allowed) found.push(`${file}: may not import ${specifier}`)
        continue
      }
      const other = roomOf(target)
      if (other === undefined) found.push(`${file}: imports ${target}, which is not production code`)
      else if (!mayEnter(room, other))
        found.push(`${file}: imports ${target}, and ${room} may not enter ${other}`)
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

  it('may be chained from every room to the foot of the house, and never back', () => {
    const reached = (room: string): readonly string[] =>
      (ROOMS[room] ?? []).flatMap((next) => [next, ...reached(next)])
    for (const room of Object.keys(ROOMS)) expect(reached(room)).not.toContain(room)
  })

  it.each([
    [
      'lib/secrets/reader.ts',
      "import { x } from '../http/handler.ts'",
      'lib/secrets/reader.ts: imports lib/http/handler.ts, and secrets may not enter http',
    ],
    [
      'lib/log.ts',
      "import type { X } from './secrets/source.ts'",
      'lib/log.ts: imports lib/secrets/source.ts, and log may not enter secrets',
    ],
    [
      'lib/vendors/cec/chat.ts',
      "import { x } from '../live/acs3.ts'",
      'lib/vendors/cec/chat.ts: imports lib/vendors/live/acs3.ts, and vendors/cec may not enter vendors/live',
    ],
    [
      'lib/log.ts',
      ["import { x } from '", "local/stack.ts'"].join('../tools/'),
      'lib/log.ts: imports tools/local/stack.ts, which is not production code',
    ],
    [
      'functions/jwks.ts',
      ["const x = await import('", "test/support/mint.ts')"].join('../'),
      'functions/jwks.ts: imports test/support/mint.ts, which is not production code',
    ],
    [
      'functions/jwks.ts',
      "import { x } from './apply-token.ts'",
      'functions/jwks.ts: imports functions/apply-token.ts, and functions may not enter functions',
    ],
    ['lib/schemas/ids.ts', "import * as z from 'zod'", 'lib/schemas/ids.ts: may not import zod'],
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
    [
      'lib/http/callers.ts',
      "const https = process.getBuiltinModule('node:https')",
      'lib/http/callers.ts: may not import node:https',
    ],
    [
      'client/src/ask.ts',
      "import { x } from '../../lib/errors.ts'",
      'client/src/ask.ts: imports lib/errors.ts, and client may not enter errors',
    ],
    ['client/src/ask.ts', "import { x } from 'node:crypto'", 'client/src/ask.ts: may not import node:crypto'],
    [
      'functions/jwks.ts',
      "import { x } from '../client/src/ask.ts'",
      'functions/jwks.ts: imports client/src/ask.ts, and functions may not enter client',
    ],
    ['lib/other/x.ts', '', 'lib/other/x.ts: stands in no room'],
  ])('are refused in %s: %s', (file, source, expected) => {
    expect(faults({ [file]: source })).toContain(expected)
  })

  it('are refused when two modules import each other', () => {
    const sources = {
      'lib/schemas/a.ts': "import { x } from './b.ts'",
      'lib/schemas/b.ts': "import { y } from './a.ts'",
    }
    expect(faults(sources)).toEqual(['cycle: lib/schemas/a.ts → lib/schemas/b.ts → lib/schemas/a.ts'])
  })
})
