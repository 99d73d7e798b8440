import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RouteDescriptor } from '../../lib/http/route.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { systemNames, VENDORS } from '../../lib/vendors/registry.ts'
import { BUDGETS } from '../../tools/package/budget.ts'
import { BACK_ENDS, BOUND, PAGED, ROUTES, type RouteName, SCOPE_OF, USERS } from '../attacks/routes.ts'
import { DESCRIPTORS, formatNameOf, kindsOf } from '../support/descriptors.ts'

const ROOT = join(import.meta.dirname, '../..')
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const BY_NAME = DESCRIPTORS.map((route) => [route.name, route] as const)
/** Not those whose tokens are only computed. */
const CALLED: readonly string[] = VENDORS.map(({ system }) => system)
const TO_VENDORS = DESCRIPTORS.filter(({ tenantSecrets = [] }) =>
  tenantSecrets.some((system) => CALLED.includes(system)),
).map(({ name }) => name)
const WITH_CALLERS = DESCRIPTORS.filter(({ access }) => access !== 'public')

describe('lib/routes', () => {
  it('gives each function one descriptor, and each endpoint and each code of success one place', () => {
    for (const values of [
      DESCRIPTORS.map(({ name }) => name),
      DESCRIPTORS.map(({ success }) => success.code),
      DESCRIPTORS.flatMap(({ endpoints }) => endpoints),
    ])
      expect(values).toEqual([...new Set(values)])
  })

  it.each(BY_NAME)(
    '%s is a file of functions, which starts and answers by this descriptor',
    (name, route) => {
      const file = `functions/${kebab(name)}.ts`
      expect(existsSync(join(ROOT, file))).toBe(true)
      const source = textOf(file)
      const [, imported = ''] = /import \{ (\w+) \} from '..\/lib\/routes.ts'/.exec(source) ?? []
      expect(source).toContain(`startFunction(runtime, ${imported})`)
      expect(source).toContain(`${route.access === 'public' ? 'public' : 'caller'}Handler(${imported}, {`)
    },
  )

  it.each(BY_NAME)('%s has a limit of requests in serverless.yml, and a budget of its package', (name) => {
    expect(throttled()).toContain(name)
    expect(Object.keys(BUDGETS)).toContain(name)
  })

  it('has a route for every limit of serverless.yml', () => {
    expect(throttled().sort()).toEqual(DESCRIPTORS.map(({ name }) => name).sort())
  })

  it.each(BY_NAME)('%s has a sample event for each of its endpoints, and none for another', (name, route) => {
    const keys = globSync(`${name}/*.json`, { cwd: join(ROOT, 'events') }).map(
      (file) => JSON.parse(textOf(join('events', file))).routeKey,
    )
    expect([...new Set(keys)].sort()).toEqual([...route.endpoints].sort())
  })

  it.each(TO_VENDORS)('%s is tried with every fault of its vendor', (name) => {
    const tables = globSync('test/functions/vendor-faults/*.test.ts', { cwd: ROOT }).map(textOf)
    expect(tables.some((table) => table.includes(`handler: '${name}'`))).toBe(true)
  })

  it('reads the settings of vendors of the registry, and each vendor’s by some route', () => {
    const read = DESCRIPTORS.flatMap(({ tenantSecrets = [] }) => tenantSecrets)
    expect([...new Set(read)].sort()).toEqual([...systemNames()].sort())
  })
})

const throttled = (): string[] =>
  [...textOf('serverless/throttling.yml').matchAll(/^(\w+): /gm)].map(([, name = '']) => name)

describe('test/attacks/routes', () => {
  const attacked = Object.entries(ROUTES) as [RouteName, (typeof ROUTES)[RouteName]][]
  const descriptorOf = (name: RouteName): RouteDescriptor | undefined =>
    DESCRIPTORS.find(({ success }) => success.code === ROUTES[name].success)
  const named = (has: (route: RouteDescriptor) => boolean): RouteName[] =>
    attacked
      .map(([name]) => name)
      .filter((name) => {
        const route = descriptorOf(name)
        return route !== undefined && has(route)
      })

  it('attacks every endpoint, and expects of each what its descriptor says', () => {
    for (const route of DESCRIPTORS) {
      const own = attacked.filter(([, { success }]) => success === route.success.code)
      expect(own.length, route.name).toBeGreaterThanOrEqual(route.endpoints.length)
      for (const [name, { status, dialect }] of own)
        expect([name, status, dialect]).toEqual([name, route.success.status, formatNameOf(route)])
    }
  })

  it('asks for the scopes of the descriptors, and for no other', () => {
    const scopes = Object.fromEntries(
      named(({ access }) => access !== 'public').map((name) => [name, descriptorOf(name)?.access]),
    )
    expect(SCOPE_OF).toEqual(scopes)
  })

  it('knows which routes take whose credentials', () => {
    const taking = (kind: ReturnType<typeof kindsOf>[number]) =>
      named((route) => kindsOf(route).includes(kind))
    expect([...PAGED].sort()).toEqual(taking('access-token').sort())
    expect([...USERS].sort()).toEqual(taking('user').sort())
    expect([...new Set([...BACK_ENDS, ...USERS, ...PAGED])].sort()).toEqual(taking('back-end').sort())
    expect(taking('caller-key')).toEqual(taking('back-end'))
  })

  it('knows which routes lead to a vendor, by the tenant that the caller is bound to', () => {
    expect([...BOUND].sort()).toEqual(named(({ tenantSecrets }) => tenantSecrets !== undefined).sort())
  })
})

describe('docs/reference', () => {
  const linesOf = (page: string): string[] => textOf(`docs/reference/${page}.md`).split('\n')
  const lines = linesOf('routes')
  const pathOf = (endpoint: string): string => endpoint.replace(/^\w+ /, '')
  const lastOf = (path: string): string => path.split('/').at(-1) ?? ''
  const paths = DESCRIPTORS.flatMap(({ endpoints }) => endpoints.map(pathOf))
  /** What a page's author calls an endpoint: its last segment, or the whole of a path that has but one or shares it. */
  const shortNames = ({ endpoints }: RouteDescriptor): string[] =>
    endpoints.map(pathOf).map((path) => {
      const isShared = paths.filter((other) => lastOf(other) === lastOf(path)).length > 1
      return path.split('/').length === 2 || isShared ? path : lastOf(path)
    })

  it.each(BY_NAME)('has a row for %s, with its endpoints and function', (name, { endpoints }) => {
    const rows = lines.filter((line) => line.startsWith('| ') && line.endsWith(`| \`${name}\` |`))
    expect(rows).toHaveLength(1)
    const found = [...(rows[0] ?? '').matchAll(/`((?:GET|POST|PUT) [^`]+)`/g)].map(([, endpoint]) => endpoint)
    expect(found).toEqual(endpoints)
  })

  it.each(SCOPES)('says what the scope %s lets a caller do', (scope) => {
    expect(linesOf('scopes').filter((line) => line.startsWith(`| \`${scope}\` | `))).toHaveLength(1)
  })

  it.each(VENDORS.map(({ system }) => system))('has a row for the secret of %s', (system) => {
    expect(
      linesOf('secrets').filter((line) => line.startsWith(`| \`tenants/<tenantSpaceId>/${system}\` | `)),
    ).toHaveLength(1)
  })

  it.each([
    ['caller-key', '| caller key'],
    ['back-end', '| token of your identity provider, `kind: "back-end"`'],
    ['user', '| token of your identity provider, `kind: "user"`'],
    ['access-token', '| access token of'],
  ] as const)('says which routes take credentials of kind %s', (kind, start) => {
    const rows = lines.filter((line) => line.startsWith(start) && line.split('|').length === 6)
    expect(rows).toHaveLength(1)
    const cell = (rows[0] ?? '').split('|')[3]?.trim() ?? ''
    const taking = WITH_CALLERS.filter((route) => kindsOf(route).includes(kind))
    if (cell === 'all') expect(taking).toEqual(WITH_CALLERS)
    else
      expect([...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort()).toEqual(
        taking.flatMap(shortNames).sort(),
      )
  })
})
