/** Questions that ask a good token for somebody whose id or name only looks like the user's. */

import { claims, header, mint } from '../support/mint.ts'
import { question } from '../support/refusals.ts'
import { type Attack, withBody } from './attack.ts'
import { PROTOTYPE_NAMES, ZOE } from './world.ts'

/** What reads, folds or prints as the user's id or name and is not it. */
const LOOK_ALIKES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['a full-width digit', { userId: '1001000\uff11' }],
  ['an Arabic digit', { userId: '1001000\u0661' }],
  ['a zero-width blank', { userId: '10010001\u200b' }],
  ['a combining mark', { userId: '10010001\u0301' }],
  ['a blank behind', { userId: '10010001 ' }],
  ['a blank in front', { userId: ' 10010001' }],
  ['NUL behind', { userId: '10010001\0' }],
  ['a line break behind', { userId: '10010001\n' }],
  ['a zero in front', { userId: '010010001' }],
  ['a point and zero', { userId: '10010001.0' }],
  ['half a surrogate pair behind', { userId: '10010001\ud800' }],
  ...PROTOTYPE_NAMES.map((name) => [name, { userId: name }] as const),
]
const NAMES: readonly (readonly [string, string])[] = [
  ['a zero-width blank', 'Tom\u200b'],
  ['a joiner', 'T\u200dom'],
  ['a soft hyphen', 'To\u00adm'],
  ['a variation selector', 'Tom\ufe0f'],
  ['a mark too many', 'Tom\u0301'],
  ['a line break behind', 'Tom\n'],
  ['8,000 marks behind', `Tom${'\u0301'.repeat(4_000)}${'\u0323'.repeat(3_000)}`],
  ['a Cyrillic letter', 'T\u043em'],
  ['upper case', 'TOM'],
  ['full-width letters', '\uff34\uff4f\uff4d'],
  ['a direction mark', 'Tom\u200f'],
  ['a blank behind', 'Tom '],
  ['markup', '<b>Tom</b>'],
]

const looks: readonly Attack[] = [
  ...LOOK_ALIKES.map(([name, changes]) => [`userId with ${name}`, 'TOKEN_USER_DIFFERS', changes] as const),
  ...NAMES.map(([name, userName]) => [`userName with ${name}`, 'TOKEN_NAME_DIFFERS', { userName }] as const),
].map(([attack, code, changes]) => ({
  theme: 'look-alikes',
  attack,
  route: 'validate',
  code,
  spoil: (good) => withBody(good, changes),
}))

/** One letter, or a letter and its two dots: the same name, however a browser spells it. Tried, and harmless. */
const spelling: Attack = {
  theme: 'look-alikes',
  attack: 'userName in NFD for NFC',
  route: 'validate',
  code: 'TOKEN_VALID',
  twin: ({ tokens: { kid, trueKey } }) => ({
    body: question(mint(header(kid), claims({ sub: ZOE.userId, name: ZOE.userName }), trueKey), ZOE),
  }),
  spoil: (good) => withBody(good, { userName: ZOE.userName.normalize('NFD') }),
}

export const lookAlikes: readonly Attack[] = [...looks, spelling]
