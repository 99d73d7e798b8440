import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkParameters } from '../../../../tools/package/parameters/check.ts'
import { parametersOf } from '../../../../tools/package/parameters/table.ts'
import { MISTAKES } from './mistakes.ts'

const PLACE = {
  stage: 'prod',
  region: 'eu-west-1',
  paths: ['/users', '/enterprise-tokens'],
  functions: ['validateEnterpriseToken', 'chatRelay', 'jwks'],
}
const TABLE = parametersOf(PLACE)

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const inBlock = (values: object, place = PLACE) =>
  checkParameters({ blocks: { [place.stage]: values }, options: [] }, place)
const inOptions = (...options: string[]) => checkParameters({ blocks: { prod: {} }, options }, PLACE)
const inBlocks = (blocks: unknown, place = PLACE) => checkParameters({ blocks, options: [] }, place)

describe('tools/package/parameters/check: checkParameters', () => {
  it.each(MISTAKES)('of %s finds %j: %s', (name, value, fault, twin) => {
    expect(inBlock({ [name]: value }).mistakes).toEqual([
      expect.stringMatching(
        new RegExp(`^${name} \\(params\\.prod\\) says .+: ${literally(fault)}\\. Example: .+\\.$`),
      ),
    ])
    expect(inBlock({ [name]: twin }).mistakes).toEqual([])
  })

  it.each(Object.entries(TABLE))(
    'takes the example of %s, from a block and from --param',
    (name, { example }) => {
      expect(inBlock({ [name]: example })).toEqual({ mistakes: [], warnings: [] })
      expect(inOptions(`${name}=${example}`)).toEqual({ mistakes: [], warnings: [] })
    },
  )

  it('says which parameter, where it stands, what it says, what was expected, and an example', () => {
    expect(inOptions('tokenLifetimeSeconds=5m').mistakes).toEqual([
      'tokenLifetimeSeconds (--param) says "5m": expected a whole number of seconds. Example: 300.',
    ])
    expect(inBlocks({ default: { logLevel: 'info' } }).mistakes).toEqual([
      'logLevel (params.default) says "info": expected INFO, WARN or ERROR. Example: INFO.',
    ])
  })

  it('tells all mistakes together, each in one line', () => {
    const { mistakes } = checkParameters(
      { blocks: { default: { corsOrigin: '' }, prod: { logLevel: 'x\ny' } }, options: ['alarmActions=a'] },
      PLACE,
    )
    expect(mistakes.map((sentence) => sentence.split(' ')[0])).toEqual([
      'corsOrigin',
      'logLevel',
      'alarmActions',
    ])
    expect(mistakes.join('')).not.toContain('\n')
  })

  it('cuts a long value short, and writes by its number what nobody would see', () => {
    const [long] = inBlock({ logLevel: 'x'.repeat(1000) }).mistakes
    expect(long?.length).toBeLessThan(200)
    expect(inBlock({ logLevel: 'INFO\u200b' }).mistakes[0]).toContain('"INFO\\u{200b}"')
  })

  it('lets the command line hold before the stage, and the stage before the default', () => {
    const blocks = { default: { logLevel: 'a' }, prod: { logLevel: 'b' } }
    expect(checkParameters({ blocks, options: ['logLevel=c'] }, PLACE).mistakes).toHaveLength(1)
    expect(checkParameters({ blocks, options: ['logLevel=WARN'] }, PLACE).mistakes).toEqual([])
    expect(inBlocks({ default: { logLevel: 'a' }, prod: { logLevel: 'WARN' } }).mistakes).toEqual([])
    expect(inBlocks({ default: { logLevel: 'a' }, prod: { logLevel: null } }).mistakes).toHaveLength(1)
  })

  it('leaves a value with a variable for later', () => {
    expect(inBlock({ issuer: 'https://${sls:stage}.example' }).mistakes).toEqual([])
    expect(inBlocks({ prod: '${file(prod.yml)}' }).mistakes).toEqual([])
  })

  it('takes a page of this machine for the local stage alone', () => {
    const values = { corsOrigins: 'http://localhost:5173,http://127.0.0.1:8080' }
    expect(inBlock(values, { ...PLACE, stage: 'local' }).mistakes).toEqual([])
    expect(inBlock(values).mistakes).toHaveLength(1)
  })

  it.each([
    [
      'cn-north-1',
      'arn:aws-cn:sns:cn-north-1:123456789012:alarms',
      'arn:aws:sns:cn-north-1:123456789012:alarms',
    ],
    [
      'us-gov-west-1',
      'arn:aws-us-gov:sns:us-gov-west-1:123456789012:alarms',
      'arn:aws:sns:us-gov-west-1:123456789012:alarms',
    ],
  ])('takes in %s the topics of its own partition', (region, good, bad) => {
    expect(inBlock({ alarmActions: good }, { ...PLACE, region }).mistakes).toEqual([])
    expect(inBlock({ alarmActions: bad }, { ...PLACE, region }).mistakes).toHaveLength(1)
  })
})

describe('tools/package/parameters/check: names', () => {
  it.each([
    ['corsOrigin', 'corsOrigins'],
    ['cors-origins', 'corsOrigins'],
    ['Issuer', 'issuer'],
    ['tokenLifetime', 'tokenLifetimeSeconds'],
    ['tokenLifeTimeSeconds', 'tokenLifetimeSeconds'],
    ['logRetentionDays', 'logRetentionInDays'],
    ['alarmAction', 'alarmActions'],
    ['cecSourceCidr', 'cecSourceCidrs'],
  ])('says of %s that %s is the nearest', (name, known) => {
    expect(inOptions(`${name}=x`).mistakes).toEqual([
      `${name} (--param) is no parameter: did you mean ${known}?`,
    ])
    // another stage's block is read as well: the mistake would show on the day of its deployment
    expect(inBlocks({ prod: {}, dev: { [name]: 'x' } }).mistakes).toEqual([
      `${name} (params.dev) is no parameter: did you mean ${known}?`,
    ])
    expect(inOptions(`${known}=${TABLE[known]?.example}`).mistakes).toEqual([])
  })

  it.each(['issuer', 'issuer=', 'issuer= '])('refuses --param=%s, which gives no value', (option) => {
    expect(inOptions(option).mistakes).toEqual([
      `--param=${option} gives no value: write --param=<name>=<value>, or leave it out for the default.`,
    ])
    expect(inOptions('issuer=https://a.example').mistakes).toEqual([])
  })
})

describe('tools/package/parameters/check: blocks', () => {
  it.each([
    ['production', 'prod'],
    ['prod', 'production'],
    ['Prod', 'prod'],
    ['prd', 'prod'],
    ['staging-eu', 'stagingeu'],
  ])('takes the block %s for a mistyped %s that has none', (block, stage) => {
    const place = { ...PLACE, stage }
    const { mistakes } = inBlocks({ [block]: {} }, place)
    expect(mistakes).toEqual([
      `params.${block} is not read for stage "${stage}": call the block "${stage}:", or add an empty one ("${stage}: {}") if that is another stage.`,
    ])
    expect(inBlocks({ [block]: {}, [stage]: {} }, place)).toEqual({ mistakes: [], warnings: [] })
    expect(inBlocks({ [block]: {}, [stage]: null }, place).mistakes).toEqual([])
  })

  it('warns that a stage has no block where others have', () => {
    expect(inBlocks({ default: {}, dev: {}, test: {} })).toEqual({
      mistakes: [],
      warnings: ['"params:" has no block "prod:", only dev, test. The defaults hold.'],
    })
    expect(inBlocks({ default: {} }).warnings).toEqual([])
    expect(inBlocks({ default: {}, dev: {} }, { ...PLACE, stage: 'local' }).warnings).toEqual([])
  })

  it('refuses a parameter that stands beside the blocks, and a block that is none', () => {
    expect(inBlocks({ issuer: 'https://a.example' }).mistakes).toEqual([
      'issuer stands directly under "params:": put it into the block "prod:" there.',
    ])
    expect(inBlocks({ prod: 'https://a.example' }).mistakes).toEqual([
      'params.prod is no block: expected lines such as "issuer: https://…" in it.',
    ])
    expect(inBlocks({ prod: { issuer: 'https://a.example' } }).mistakes).toEqual([])
    expect(inBlocks(undefined).mistakes).toEqual([])
  })

  it.each([
    [
      'stage',
      'pre_prod',
      '--stage says "pre_prod": expected 1 to 23 letters, digits and hyphens. Example: prod.',
    ],
    ['stage', 'p'.repeat(24), /^--stage says "p{24}": expected 1 to 23/],
    ['stage', 'default', /^--stage says "default"/],
    ['region', 'eu-west1', '--region says "eu-west1": expected a region of AWS. Example: eu-west-1.'],
    ['region', 'eu-west-1a', /^--region says "eu-west-1a"/],
  ])('refuses the %s %s', (name, value, sentence) => {
    expect(inBlocks({}, { ...PLACE, [name]: value }).mistakes).toEqual([
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    ])
    expect(inBlocks({}, { ...PLACE, stage: 'p'.repeat(23), region: 'ap-southeast-2' }).mistakes).toEqual([])
  })
})

describe('tools/package/parameters/check: warnings', () => {
  it.each([
    ['validateReservedConcurrency', '0', 'it stops the route, which refuses every call', '1'],
    ['chatReservedConcurrency', 0, 'it stops the route, which refuses every call', 1],
    [
      'cecSourceCidrs',
      '0.0.0.0/0',
      'it lets every address call the validate route, as an empty list does',
      '1.0.0.0/8',
    ],
    ['cecSourceCidrs', ['::/0'], 'it lets every address call the validate route, as an empty list does', []],
    [
      'cecSourceCidrs',
      '2a00::1',
      'the API answers on IPv4 alone, so that an IPv6 address matches no caller',
      '198.51.100.7',
    ],
  ])('says of %s %j that %s', (name, value, warning, twin) => {
    expect(inBlock({ [name]: value })).toEqual({
      mistakes: [],
      warnings: [`${name} (params.prod) says ${JSON.stringify(value)}: ${warning}.`],
    })
    expect(inBlock({ [name]: twin }).warnings).toEqual([])
  })
})

describe('tools/package/parameters/table', () => {
  /** The names of `params.default`, as they stand in the file. */
  const inServerlessYml = (): string[] => {
    const [, block = ''] =
      /^params:\n {2}default:\n((?: {4}.*\n)+)/m.exec(readFileSync('serverless.yml', 'utf8')) ?? []
    return [...block.matchAll(/^ {4}(\w+):/gm)].map(([, name = '']) => name)
  }

  it('has a row for every parameter of serverless.yml, and no other', () => {
    expect(Object.keys(TABLE).sort()).toEqual(inServerlessYml().sort())
  })

  it('has only parameters that docs/reference/settings.md explains', () => {
    const [, section = ''] = readFileSync('docs/reference/settings.md', 'utf8').split(
      '| parameter | default | meaning |',
    )
    const cells = section.split('\n\n')[0]?.match(/`\w+`/g) ?? []
    for (const name of Object.keys(TABLE)) expect(cells).toContain(`\`${name}\``)
  })
})
