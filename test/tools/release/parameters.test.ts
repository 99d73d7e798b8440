import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entriesOf } from '../../../tools/package/parameters/shapes.ts'
import { parametersOf } from '../../../tools/package/parameters/table.ts'
import { templateName } from '../../../tools/release/names.ts'
import { MARKS, REGION, templateParameters } from '../../../tools/release/parameters.ts'
import { MISTAKES } from '../package/parameters/mistakes.ts'

interface Definition {
  readonly Type: string
  readonly Default?: string
  readonly AllowedPattern?: string
  readonly AllowedValues?: readonly string[]
  readonly MaxLength?: number
  readonly ConstraintDescription?: string
}

const PARAMETERS = templateParameters() as unknown as Readonly<Record<string, Definition>>

/** What CloudFormation does before it makes anything. */
const takes = (name: string, value: string): boolean => {
  const { AllowedPattern, AllowedValues, MaxLength = 4096 } = PARAMETERS[name] ?? {}
  return (
    value.length <= MaxLength &&
    (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(value)) &&
    AllowedValues?.includes(value) !== false
  )
}

const released = (name: string) => templateName(name) in PARAMETERS

/** A template's list has neither blanks nor a comma at its end. */
const asText = (value: unknown): string => (entriesOf(value) ?? [String(value)]).join(',')

/** What a pattern cannot see; each is refused later, by what the parameter is for. */
const UNSEEN = [
  'cecSourceCidrs 203.0.113.7/24', // the functions take the block that it lies in
  'alarmActions arn:aws:sns:us-east-1:123456789012:alarms', // CloudWatch
  'alarmActions arn:aws-cn:sns:eu-west-1:123456789012:alarms', // CloudWatch
]
/** The template takes less: the API answers on IPv4 alone, and an account is shared out in two sizes. */
const NARROWER = ['cecSourceCidrs 2a00::1', 'cecSourceCidrs 2a00::/16', 'accountConcurrency 10']

describe('tools/release/parameters: templateParameters', () => {
  const texts = MISTAKES.filter(
    ([name, value]) => released(name) && (typeof value === 'string' || typeof value === 'number'),
  ).map(([name, value, , twin]) => [name, String(value), asText(twin)] as const)

  it.each(texts.filter(([name, value]) => !UNSEEN.includes(`${name} ${value}`)))(
    'refuses for %s what packaging refuses: %j',
    (name, value) => {
      expect(takes(templateName(name), value)).toBe(false)
    },
  )

  it.each(texts.filter(([name, , twin]) => !NARROWER.includes(`${name} ${twin}`)))(
    'takes for %s what packaging takes in place of %j: %j',
    (name, _, twin) => {
      expect(takes(templateName(name), twin)).toBe(true)
    },
  )

  it('knows every exception', () => {
    const values = texts.map(([name, value]) => `${name} ${value}`)
    const twins = texts.map(([name, , twin]) => `${name} ${twin}`)
    expect(UNSEEN.filter((exception) => !values.includes(exception))).toEqual([])
    expect(NARROWER.filter((exception) => !twins.includes(exception))).toEqual([])
    for (const [name = '', value = ''] of UNSEEN.map((exception) => exception.split(' ')))
      expect(takes(templateName(name), value)).toBe(true)
  })

  it.each([
    ['Stage', 'local', 'locale'],
    ['Stage', 'default', 'defaults'],
    ['Stage', 'prod_1', 'prod-1'],
    ['Stage', 'a'.repeat(24), 'a'.repeat(23)],
    ['PackagesPrefix', 'releases', 'releases/'],
    ['PackagesBucket', 'Packages', 'packages'],
    ['Issuer', 'https://tokens.example.com?a=b', 'https://tokens.example.com/a'],
    ['Issuer', 'https://tokens.example.com:0', 'https://tokens.example.com:1'],
    ['Issuer', 'https://1.2.3.256/a', 'https://1.2.3.255/a'],
    ['Issuer', 'https://tokens.0x7f:443', 'https://tokens.0x7g:443'],
    ['ValidatePath', '/.well-known/jwks.json', '/.well-known/jwks-json'],
    ['ValidatePath', `/${'a'.repeat(200)}`, `/${'a'.repeat(199)}`],
    ['CorsOrigins', 'https://a.example:65536', 'https://a.example:65535'],
    ['CorsOrigins', 'https://a.localhost', 'https://a.localhost.example'],
    ['CecSourceCidrs', '203.0.113.256', '203.0.113.255'],
    ['CecSourceCidrs', '203.0.113.7, 203.0.113.8', '203.0.113.7,203.0.113.8'],
    ['AccountConcurrency', '500', '10'],
  ])('refuses for %s the value %j and takes %j', (name, value, twin) => {
    expect(takes(name, value)).toBe(false)
    expect(takes(name, twin)).toBe(true)
  })

  it('takes the example of each parameter, and its default', () => {
    const { stage = { value: '' } } = MARKS
    const table = parametersOf({ stage: stage.value, region: REGION, paths: [], functions: [] })
    const examples = Object.entries(table).filter(([name]) => released(name) && name !== 'accountConcurrency')
    expect(examples.filter(([name, { example }]) => !takes(templateName(name), example))).toEqual([])
    const defaults = Object.entries(PARAMETERS).filter(([, { Default }]) => Default !== undefined)
    expect(defaults.filter(([name, { Default = '' }]) => !takes(name, Default))).toEqual([])
  })

  it('has the defaults of serverless.yml, and none for what must be said', () => {
    const yml = readFileSync('serverless.yml', 'utf8')
    const [, block = ''] = /^params:\n {2}default:\n((?: {4}.*\n)+)/m.exec(yml) ?? []
    const defaults = Object.fromEntries(
      [...block.matchAll(/^ {4}(\w+): *(?:'([^']*)'|([^\s#]*))/gm)].map(([, name = '', quoted, plain]) => [
        templateName(name),
        quoted ?? (plain === '[]' ? '' : plain),
      ]),
    )
    const { PackagesBucket, PackagesPrefix, Stage, Issuer, ...others } = PARAMETERS
    for (const [name, { Default }] of Object.entries(others))
      expect([name, Default]).toEqual([name, defaults[name]])
    expect([PackagesBucket?.Default, Issuer?.Default]).toEqual([undefined, undefined])
    expect([PackagesPrefix?.Default, Stage?.Default]).toEqual(['', 'prod'])
  })

  it('says what was expected, as packaging does, with an example', () => {
    expect(PARAMETERS['CecSourceCidrs']?.ConstraintDescription).toBe(
      'expected an IP address or a block of them. Example: 203.0.113.0/24,198.51.100.7.',
    )
    expect(PARAMETERS['LogLevel']?.ConstraintDescription).toBe('expected INFO, WARN, ERROR.')
    const silent = Object.entries(PARAMETERS).filter(
      ([, { ConstraintDescription = '' }]) => !/^expected .*\.$/.test(ConstraintDescription),
    )
    expect(silent).toEqual([])
  })

  it('has marks that the parameters take themselves', () => {
    const refused = Object.entries(MARKS).filter(([name, { value }]) => !takes(templateName(name), value))
    expect(refused).toEqual([])
  })
})
