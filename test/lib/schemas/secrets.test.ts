import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parsed } from '../../../lib/secrets/parsed.ts'
import { expectClean, secret } from '../../support/canary.ts'
import { faultOf, readText, readValue } from '../../support/secret-faults.ts'
import {
  type Member,
  membersOf,
  type SecretSample,
  secretSamples,
  withMember,
} from '../../support/secret-samples.ts'

const SAMPLES = secretSamples()
const CASES = Object.entries(SAMPLES).flatMap(([name, sample]) =>
  membersOf(sample.value).map((member) => ({ name, sample, member, path: member.path.join('.') })),
)
const scalars = CASES.filter(({ member }) => typeof member.value !== 'object')
const texts = CASES.filter(({ member }) => typeof member.value === 'string')
const numbers = CASES.filter(({ member }) => typeof member.value === 'number')
const isItem = ({ path }: Member) => /^\d+$/.test(path.at(-1) ?? '')
const canary = secret('canary in a secret', randomBytes(24).toString('hex'))
/** No member takes it. */
const bad = `${canary}\u0001`

const change = (sample: SecretSample, { path }: Member, to: (member: unknown) => unknown) =>
  withMember(sample.value, path, to)
/** What the log calls a member: names of a map are data. */
const shown = (path: string): string => path.replace(/(tenants)\.acme$/, '$1.*')
const isOptional = ({ sample, path }: { sample: SecretSample; path: string }): boolean =>
  sample.optional.includes(path.replace(/\.\d+(?=\.|$)/g, '.*'))

describe('lib/schemas, of every secret', () => {
  it.each(Object.entries(SAMPLES))('takes a good %s as it is', (_, sample) => {
    expect(readValue(sample.value, sample)).toEqual(sample.value)
  })

  it.each(Object.entries(SAMPLES))('takes a %s behind a byte order mark and between blanks', (_, sample) => {
    const text = JSON.stringify(sample.value)
    for (const around of [`\ufeff${text}`, `\ufeff\r\n ${text}\n\n`, `\u00a0${text}\u3000`])
      expect(readText(around, sample)).toEqual(sample.value)
    expect(() => readText(`x${text}`, sample)).toThrow('secret a/secret: (whole): expected JSON')
  })

  it.each(numbers)('takes $name: $path as text', ({ sample, member }) => {
    for (const text of [`${member.value}`, ` ${member.value} `, `${member.value}\n`])
      expect(
        readValue(
          change(sample, member, () => text),
          sample,
        ),
      ).toEqual(sample.value)
    for (const text of [`${member.value}.5`, `-${member.value}`, `${member.value}s`, '1e3', '0x400', '١٠٠٠'])
      expect(
        faultOf(
          change(sample, member, () => text),
          sample,
        ).detail.expected,
      ).toMatch(/^expected .*whole/)
  })

  it('takes true and false as text', () => {
    const { callers } = SAMPLES as { callers: SecretSample }
    const path = ['issuers', '0', 'acceptIdTokens']
    expect(
      readValue(
        withMember(callers.value, path, () => 'true\n'),
        callers,
      ),
    ).toEqual(callers.value)
    expect(
      faultOf(
        withMember(callers.value, path, () => 'yes'),
        callers,
      ).detail,
    ).toMatchObject({
      field: 'issuers.0.acceptIdTokens',
      expected: 'expected true or false',
    })
  })

  it.each(texts)('takes blanks and a line feed around $name: $path off', ({ sample, member }) => {
    for (const around of [
      (text: unknown) => ` ${text}`,
      (text: unknown) => `${text}\n`,
      (text: unknown) => `\t${text}\r\n`,
      (text: unknown) => `\ufeff\u00a0${text}\u2028`,
    ])
      expect(readValue(change(sample, member, around), sample)).toEqual(sample.value)
  })

  it('takes blanks around the names of a map off, and refuses two that are then one', () => {
    const { callers } = SAMPLES as { callers: SecretSample }
    const path = ['issuers', '1', 'tenants']
    const named = (...names: string[]) =>
      withMember(callers.value, path, () => Object.fromEntries(names.map((name) => [name, ' 202007159031 '])))
    expect(readValue(named(' acme\n'), callers)).toEqual(callers.value)
    expect(faultOf(named('acme', ' acme'), callers).detail).toMatchObject({
      field: 'issuers.1.tenants.*',
      expected: 'expected each name once',
    })
    expect(faultOf(named('ac\u200bme'), callers).detail).toMatchObject({
      field: 'issuers.1.tenants.*',
      expected: 'expected no invisible character, but it holds U+200B: type it anew',
    })
  })

  it.each(scalars)('names an invisible character inside $name: $path', ({ sample, member, path }) => {
    for (const character of ['\u200b', '\ufeff', '\u00ad', '\u2060', '\u00a0', '\t', '\n', '\u{e0041}']) {
      const point = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
      const broken = change(sample, member, (value) => `${value}`.replace(/^./, `$&${character}`))
      const { code, detail, message } = faultOf(broken, sample)
      expect({ code, ...detail }).toMatchObject({
        code: 'SECRET_MALFORMED',
        field: shown(path),
        expected: `expected no invisible character, but it holds U+${point}: type it anew`,
      })
      expect(message).not.toContain(character)
    }
  })

  it.each(CASES.filter(({ member }) => !isItem(member)))(
    'says what $name: $path is when it is left out or empty, or takes it for absent',
    ({ sample, member, path }) => {
      // A map that lacks its one entry is an empty map; a list of keys may be empty.
      const isName = shown(path) !== path
      for (const empty of [undefined, '', ' \n', '\ufeff', null]) {
        const value = change(sample, member, () => empty)
        if (isOptional({ sample, path })) {
          const without = change(sample, member, () => undefined)
          expect(readValue(value, sample)).toEqual(readValue(without, sample))
          continue
        }
        if (isName && empty === undefined) continue
        const { code, detail } = faultOf(value, sample)
        expect(code).toBe('SECRET_MALFORMED')
        expect(DEPENDENT[path] ?? shown(path)).toBe(detail.field)
        expect(detail.expected).toMatch(/^expected /)
      }
    },
  )

  it.each(CASES)('says what $name: $path is when it is something else, and never what was there', (row) => {
    const { sample, member, path } = row
    const wrong = [{ [bad]: bad }, [bad], bad, -1.5, 1e300]
    for (const other of wrong) {
      const { code, detail, message } = faultOf(
        change(sample, member, () => other),
        sample,
      )
      expect(code).toBe('SECRET_MALFORMED')
      expect(detail.field).toMatch(new RegExp(`^${shown(path).replace('*', '\\*')}(\\.[\\w*]+)*$`))
      expect(detail.expected).toMatch(/^expected /)
      expectClean('the fault', message, JSON.stringify(detail))
    }
  })

  const objects = Object.entries(SAMPLES).flatMap(([name, sample]) =>
    [{ path: [] as readonly string[], value: sample.value as unknown }, ...membersOf(sample.value)]
      .filter(
        ({ value, path }) => typeof value === 'object' && !Array.isArray(value) && path.at(-1) !== 'tenants',
      )
      .map(({ path, value }) => ({ name, sample, path: path.join('.') || '(whole)', at: path, value })),
  )
  it.each(objects)(
    'names the known members of $name: $path where there is another',
    ({ sample, path, at, value }) => {
      for (const unknown of [canary, '__proto__', 'constructor', 'TokenUrl']) {
        const more = { ...(value as object) }
        Object.defineProperty(more, unknown, { value: canary, enumerable: true })
        const broken = at.length === 0 ? more : withMember(sample.value, at, () => more)
        // structuredClone keeps no `__proto__`: only at the top.
        if (unknown === '__proto__' && at.length > 0) continue
        const { detail, message } = faultOf(broken, sample)
        expect(detail.field).toBe(path)
        expect(detail.expected).toMatch(/^expected no members but (\w+, )*\w+$/)
        for (const known of Object.keys(value as object)) expect(detail.expected).toContain(known)
        expectClean('the fault', message, JSON.stringify(detail))
      }
    },
  )

  it('names a whole that is no object', () => {
    for (const sample of Object.values(SAMPLES)) {
      for (const whole of [canary, [canary], 7, null])
        expect(faultOf(whole, sample).detail).toMatchObject({
          field: '(whole)',
          expected: 'expected a JSON object',
        })
    }
  })
})

/** Members whose absence is another one's fault. */
const DEPENDENT: Readonly<Record<string, string>> = {
  'issuers.0.tenant': 'issuers.0.tenant',
  'issuers.0.acceptIdTokens': 'issuers.0.clientIds',
  'issuers.1.tenantClaim': 'issuers.1.tenant',
  'issuers.1.tenants': 'issuers.1.tenant',
}

describe('lib/schemas, of epoch seconds in secrets', () => {
  it.each([
    ['callers', ['callers', '0', 'keys', '0', 'expiresAt']],
    ['jwks', ['keys', '0', 'publishedAt']],
    ['jwks', ['keys', '0', 'verifyUntil']],
  ])('refuses milliseconds in %s at %j', (name, path) => {
    const sample = SAMPLES[name] as SecretSample
    for (const milliseconds of [1_900_000_000_000, '1900000000000', 10_000_000_001]) {
      expect(
        faultOf(
          withMember(sample.value, path, () => milliseconds),
          sample,
        ).detail,
      ).toMatchObject({
        field: path.join('.'),
        expected: 'expected whole seconds since 1970, not milliseconds',
      })
    }
    for (const seconds of [0, 1_900_000_000, 10_000_000_000])
      expect(() =>
        readValue(
          withMember(sample.value, path, () => seconds),
          sample,
        ),
      ).not.toThrow()
  })
})

describe('lib/schemas, of bounds', () => {
  it.each([
    ['cec', 'tokenExpireSeconds', [600, 3600], [599, 3601], 'expected whole seconds from 600 to 3600'],
    ['live', 'callsPerSecond', [1, 100], [0, 101], 'expected a whole number from 1 to 100'],
    ['live', 'callsPerUserAndMinute', [1, 6000], [0, 6001], 'expected a whole number from 1 to 6000'],
  ])('says those of %s.%s', (name, member, good, bad, expected) => {
    const sample = SAMPLES[name] as SecretSample
    for (const number of good)
      expect(readValue({ ...sample.value, [member]: `${number}` }, sample)).toMatchObject({
        [member]: number,
      })
    for (const number of bad)
      expect(faultOf({ ...sample.value, [member]: number }, sample).detail).toMatchObject({
        field: member,
        expected,
      })
  })

  it.each([
    ['issuers.*.clientIds', { acceptIdTokens: false, clientIds: [] }],
    ['issuers.*.tenants beside tenant', { tenants: {} }],
  ])('takes an empty list or map for none: %s', (_, changes) => {
    const { callers } = SAMPLES as { callers: SecretSample }
    const [user] = (callers.value as { issuers: object[] }).issuers
    expect(() => readValue({ callers: [], issuers: [{ ...user, ...changes }] }, callers)).not.toThrow()
    expect(() => readValue({ callers: [], issuers: [{ ...user, clientIds: [] }] }, callers)).toThrow(
      'issuers.0.clientIds: expected clientIds with acceptIdTokens',
    )
  })
})

describe('lib/schemas, of texts in secrets', () => {
  const withMembers = (members: string) =>
    `${JSON.stringify(SAMPLES['oiap']?.value).slice(0, -1)},${members}}`

  it('asks for quotes where a number stands in the place of a text', () => {
    const oiap = SAMPLES['oiap'] as SecretSample
    const value = withMember(oiap.value, ['appSecret'], () => 202007159031)
    expect(faultOf(value, oiap).detail).toMatchObject({
      field: 'appSecret',
      expected: 'expected 1 to 512 printable ASCII characters, no blanks inside, as text in quotes',
    })
  })

  it('refuses a member given twice, of which the second would win', () => {
    const oiap = SAMPLES['oiap'] as SecretSample
    const read = (text: string) => () => parsed('a/secret', text, oiap.schema)
    expect(read(withMembers('"appSecret":"another-secret-of-oiap"'))).toThrow(
      'secret a/secret: (whole): expected each member once',
    )
    expect(read(JSON.stringify(oiap.value))).not.toThrow()
  })
})

describe('lib/schemas, of names in secrets', () => {
  it.each([
    [
      'serverName',
      ['cec.example.com', 'CEC-1.example.com', 'localhost', 'a_b.example', 'host1'],
      [
        '10.0.0.1',
        '::1',
        '*.example.com',
        'https://cec.example.com',
        'a..b',
        '-a.example',
        'host:443',
        'a'.repeat(64),
      ],
    ],
    ['tenantSpaceIdHeader', ['202007159031', 'a.b/c', '~'.repeat(64)], ['a b', '~'.repeat(65), 'é']],
    ['locale', ['as-is', 'language'], ['zh', 'Language']],
  ])('holds %s to what it may be', (member, good, bad) => {
    const { cec } = SAMPLES as { cec: SecretSample }
    for (const value of good)
      expect(readValue({ ...cec.value, [member]: value }, cec)).toMatchObject({ [member]: value })
    for (const value of bad) expect(faultOf({ ...cec.value, [member]: value }, cec).detail.field).toBe(member)
  })

  it('has defaults for the new members of cec', () => {
    const { cec } = SAMPLES as { cec: SecretSample }
    const { locale, tenantSpaceIdHeader, serverName, ...older } = cec.value as Record<string, unknown>
    for (const member of [locale, tenantSpaceIdHeader, serverName]) expect(member).toBeDefined()
    const read = readValue(older, cec) as Record<string, unknown>
    const { locale: byDefault, tenantSpaceIdHeader: header, serverName: name, ca } = read
    expect({ locale: byDefault, header, name, ca }).toEqual({ locale: 'as-is' })
  })
})
