import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { secretSchemas } from '../../../tools/interface/secrets.ts'
import { secretSamples } from '../../support/secret-samples.ts'

const schemas = secretSchemas()
const samples = Object.entries(secretSamples()).map(([name, sample]) => ({ name, ...sample }))
const ajv = new Ajv2020({ strict: false, formats: { uri: true } })
const validator = (name: string) => ajv.compile(schemas[name] ?? {})

type Path = readonly (string | number)[]

/** Every member of a value, those of lists too. */
const pathsIn = (value: unknown, path: Path = []): readonly Path[] => {
  if (typeof value !== 'object' || value === null) return [path]
  const members = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  const inner = members.flatMap((name) =>
    pathsIn((value as Record<string | number, unknown>)[name], [...path, name]),
  )
  return path.length === 0 ? inner : [path, ...inner]
}

const LEFT_OUT = Symbol('left out')

const changed = (value: object, path: Path, item: unknown): object => {
  const copy = structuredClone(value) as Record<string | number, unknown>
  const last = path.at(-1) ?? ''
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (at, name) => at[name] as Record<string | number, unknown>,
      copy,
    )
  if (item === LEFT_OUT) delete parent[last]
  else parent[last] = item
  return copy
}

const ITEMS: readonly (readonly [string, unknown])[] = [
  ['left out', LEFT_OUT],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['true', true],
  ['an object', { a: 1 }],
  ['a list', [1]],
  ['an unknown word', 'another one'],
  ['a long text', 'a'.repeat(9000)],
]

/** What the JSON Schema cannot say: between members, or what a text means beyond its form. */
const BETWEEN = /^(callers|issuers)\./

describe('docs/schemas', () => {
  it('has one for each secret', () => {
    expect(Object.keys(schemas).sort()).toEqual(samples.map(({ name }) => name).sort())
  })

  it.each(samples)('$name takes a good value, and refuses an unknown member', ({ name, schema, value }) => {
    const validate = validator(name)
    expect([validate(value), schema.safeParse(value).success]).toEqual([true, true])
    const wrong = { ...value, another: 1 }
    expect([validate(wrong), schema.safeParse(wrong).success]).toEqual([false, false])
  })

  it.each(samples)('$name refuses what functions refuse, member by member', ({ name, schema, value }) => {
    const validate = validator(name)
    const wrong: string[] = []
    let refused = 0
    for (const path of pathsIn(value))
      for (const [what, item] of ITEMS) {
        const given = changed(value, path, item)
        const isTaken = schema.safeParse(given).success
        if (!isTaken) refused += 1
        const says = `${path.join('.')}: ${what}`
        if (validate(given) && !isTaken && !BETWEEN.test(says)) wrong.push(`${says}: taken here alone`)
        if (!validate(given) && isTaken) wrong.push(`${says}: refused here alone`)
      }
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(0)
  })
})
