import { describe, expect, it } from 'vitest'
import { compare, isAtLeast, leastVersion } from '../../../../tools/versions/contract/compare.ts'
import { type Facts, joined } from '../../../../tools/versions/contract/facts.ts'
import { callersOf } from '../../../../tools/versions/contract/routes.ts'
import { givenFacts, takenFacts } from '../../../../tools/versions/contract/schema-facts.ts'

const body = (changes: object = {}, required: readonly string[] = ['userId']) => ({
  type: 'object',
  properties: {
    userId: { type: 'string', minLength: 1, maxLength: 32 },
    status: { enum: ['active', 'disabled'] },
    ...changes,
  },
  required,
  additionalProperties: false,
})
const taken = (...args: Parameters<typeof body>): Facts => takenFacts('PUT /users body', body(...args))
const given = (...args: Parameters<typeof body>): Facts => givenFacts('PUT /users 200 body', body(...args))
const change = (before: Facts, after: Facts) =>
  compare({ routes: before }, { routes: after }).map(({ level, says }) => `${level} ${says}`)

const TEXT = { type: 'string' }
/** Of any names. */
const map = (child: object) => ({ type: 'object', additionalProperties: child })
const PATH = 'PUT /users body'

describe('tools/versions/contract/compare: what is taken', () => {
  it.each<[string, Facts, Facts, readonly string[], readonly string[]]>([
    [
      'a member is gone',
      taken({ locale: TEXT }),
      taken(),
      [`major routes: no longer takes ${PATH}.locale`],
      [`minor routes: takes ${PATH}.locale`],
    ],
    [
      'a value is gone',
      taken(),
      taken({ status: { enum: ['active'] } }),
      [`major routes: no longer takes ${PATH}.status = "disabled"`],
      [`minor routes: takes ${PATH}.status = "disabled"`],
    ],
    [
      'less length',
      taken(),
      taken({ userId: { type: 'string', minLength: 1, maxLength: 24 } }),
      [`major routes: ${PATH}.userId maxLength: 32 is now 24`],
      [`minor routes: ${PATH}.userId maxLength: 24 is now 32`],
    ],
    [
      'more at the least',
      taken(),
      taken({ userId: { type: 'string', minLength: 2, maxLength: 32 } }),
      [`major routes: ${PATH}.userId minLength: 1 is now 2`],
      [`minor routes: ${PATH}.userId minLength: 2 is now 1`],
    ],
    [
      'a pattern where there was none',
      taken({ locale: TEXT }),
      taken({ locale: { ...TEXT, pattern: '^en$' } }),
      [`major routes: takes only what fits ${PATH}.locale pattern`],
      [`minor routes: no longer held to ${PATH}.locale pattern`],
    ],
    [
      'a member that must be there now',
      taken(),
      taken({}, ['userId', 'status']),
      [`major routes: demands ${PATH}.status`],
      [`minor routes: no longer demands ${PATH}.status`],
    ],
    [
      'values where any text was taken',
      taken({ locale: TEXT }),
      taken({ locale: { ...TEXT, enum: ['en', 'zh'] } }),
      [`major routes: takes only what fits ${PATH}.locale listed`],
      [`minor routes: no longer held to ${PATH}.locale listed`],
    ],
    [
      'less in what has any name',
      taken({ texts: map({ ...TEXT, maxLength: 32 }) }),
      taken({ texts: map({ ...TEXT, maxLength: 24 }) }),
      [`major routes: ${PATH}.texts.* maxLength: 32 is now 24`],
      [`minor routes: ${PATH}.texts.* maxLength: 24 is now 32`],
    ],
    [
      'a member that must be there in what has any name',
      taken({ texts: map(body()) }),
      taken({ texts: map(body({}, ['userId', 'status'])) }),
      [`major routes: demands ${PATH}.texts.*.status`],
      [`minor routes: no longer demands ${PATH}.texts.*.status`],
    ],
    ...(['uniqueItems', 'propertyNames', 'patternProperties', 'multipleOf'] as const).map(
      (rule): [string, Facts, Facts, string[], string[]] => [
        `a rule where there was none, ${rule}`,
        taken({ locale: TEXT }),
        taken({ locale: { ...TEXT, [rule]: true } }),
        [`major routes: takes only what fits ${PATH}.locale ${rule}`],
        [`minor routes: no longer held to ${PATH}.locale ${rule}`],
      ],
    ),
    [
      'fewer members',
      taken({ texts: { ...map(TEXT), maxProperties: 9 } }),
      taken({ texts: { ...map(TEXT), maxProperties: 8 } }),
      [`major routes: ${PATH}.texts maxProperties: 9 is now 8`],
      [`minor routes: ${PATH}.texts maxProperties: 8 is now 9`],
    ],
  ])('%s: a break, and the other way round none', (_, before, after, breaks, additions) => {
    expect(change(before, after)).toEqual(breaks)
    expect(change(after, before)).toEqual(additions)
  })

  it('another type, and another pattern, are breaks both ways', () => {
    const number = taken({ locale: { type: 'number' } })
    expect(change(taken({ locale: TEXT }), number)).toEqual([
      `major routes: ${PATH}.locale: string is now number`,
    ])
    expect(change(number, taken({ locale: TEXT }))).toEqual([
      `major routes: ${PATH}.locale: number is now string`,
    ])
    const [en, zh] = ['^en$', '^zh$'].map((pattern) => taken({ locale: { ...TEXT, pattern } })) as [
      Facts,
      Facts,
    ]
    expect(change(en, zh)[0]).toContain('major')
    expect(change(zh, en)[0]).toContain('major')
  })

  it('a new route demands nothing of anybody who does not call it', () => {
    const route = joined(taken(), {
      takes: { 'PUT /users': true },
      demands: ['PUT /users body', 'PUT /users query.a'],
    })
    expect(change(joined(), route).filter((text) => text.startsWith('major'))).toEqual([])
  })

  it.each([
    'GET /.well-known/a.json body',
    'GET /.well-known/a.json query.all',
    'GET /.well-known/a.json header.x-all',
  ])('a known route that demands anew is a break: %s', (demand) => {
    const route = joined({ takes: { 'GET /.well-known/a.json': true } })
    expect(change(route, joined(route, { demands: [demand] }))).toEqual([`major routes: demands ${demand}`])
  })

  it('a member that is new, and must be there in something that is new itself, demands nothing', () => {
    const holding = (required: string[]) => taken({ more: { ...body(), required } })
    expect(change(taken(), holding(['userId'])).filter((text) => text.startsWith('major'))).toEqual([])
  })
})

describe('tools/versions/contract/compare: what is given', () => {
  const ANSWER = 'PUT /users 200 body'
  it('a member that is gone is a break, and a new one is none', () => {
    expect(change(given({ name: TEXT }), given())).toEqual([`major routes: no longer gives ${ANSWER}.name`])
    expect(change(given(), given({ name: TEXT }))).toEqual([`minor routes: gives ${ANSWER}.name`])
  })

  it('a member that is only sometimes there is a break, and the other way round none', () => {
    expect(change(given({}, ['userId', 'status']), given())).toEqual([
      `major routes: ${ANSWER}.status: text, always is now text, sometimes`,
    ])
    expect(change(given(), given({}, ['userId', 'status']))).toEqual([
      `minor routes: ${ANSWER}.status: text, sometimes is now text, always`,
    ])
  })

  it('its lengths are no promise', () => {
    expect(change(given(), given({ userId: { type: 'string', maxLength: 24 } }))).toEqual([])
  })
})

describe('tools/versions/contract/compare: what is both', () => {
  const claims = (...required: readonly string[]): Facts => {
    const schema = { type: 'object', properties: { sub: TEXT, name: TEXT }, required }
    return joined(givenFacts('access', schema), takenFacts('access', schema))
  }

  it('a claim that a token must have now is a break: tokens of before are without it', () => {
    expect(change(claims('sub'), claims('sub', 'name'))).toEqual([
      'major routes: demands access.name',
      'minor routes: access.name: string, sometimes is now string, always',
    ])
  })
})

describe('tools/versions/contract/routes: who may call', () => {
  const callers = (...security: readonly object[]): Facts =>
    joined({ takes: Object.fromEntries(callersOf('GET /keys', security).map((fact) => [fact, true])) })
  const [KEY, TOKEN] = [{ callerKey: ['users:read'] }, { accessToken: ['users:read'] }]

  it.each<[string, Facts, Facts, readonly string[]]>([
    [
      'a credential where anybody was let in',
      callers(),
      callers(KEY),
      [
        'major routes: no longer takes GET /keys for anybody',
        'minor routes: takes GET /keys for callerKey users:read',
      ],
    ],
    [
      'one more credential beside the other',
      callers(KEY),
      callers({ ...KEY, chatToken: [] }),
      [
        'major routes: no longer takes GET /keys for callerKey users:read',
        'minor routes: takes GET /keys for callerKey users:read with chatToken',
      ],
    ],
    [
      'another one in place of it',
      callers(KEY),
      callers(KEY, TOKEN),
      ['minor routes: takes GET /keys for accessToken users:read'],
    ],
  ])('%s', (_, before, after, changes) => {
    expect(change(before, after)).toEqual(changes)
  })
})

describe('tools/versions/contract/compare: versions', () => {
  const major = { level: 'major', says: '' } as const
  const minor = { level: 'minor', says: '' } as const

  it.each([
    ['1.2.3', [minor, major], '2.0.0'],
    ['1.2.3', [minor], '1.3.0'],
    ['1.2.3', [], '1.2.3'],
  ] as const)('of %s with %j, the least is %s', (released, changes, least) => {
    expect(leastVersion(released, changes)).toBe(least)
  })

  it.each([
    ['2.0.0', '1.9.9', true],
    ['1.3.0', '1.3.0', true],
    ['1.10.0', '1.9.0', true],
    ['1.2.9', '1.3.0', false],
    ['1.9.9', '2.0.0', false],
  ])('%s is at least %s: %j', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected)
  })

  it('refuses what is no version', () => {
    expect(() => leastVersion('1.2', [])).toThrow('1.2: expected a version such as 1.2.3')
  })
})
