/** The validate route behind CEC_SOURCE_CIDRS: nothing that a sender writes makes another address of its own. */

import { type Attack, onEach, withHeaders, withText } from './attack.ts'

const ALLOWED = '203.0.113.7'
const OUTSIDE = '198.51.100.9'

const HEADERS: readonly (readonly [string, string])[] = [
  ['x-forwarded-for', ALLOWED],
  ['X-Forwarded-For', `${ALLOWED}, ${OUTSIDE}`],
  ['x-real-ip', ALLOWED],
  ['forwarded', `for=${ALLOWED};by=${ALLOWED}`],
  ['x-client-ip', ALLOWED],
  ['true-client-ip', ALLOWED],
  ['cf-connecting-ip', ALLOWED],
  ['x-cluster-client-ip', ALLOWED],
  ['x-originating-ip', ALLOWED],
  ['x-envoy-external-address', ALLOWED],
  ['via', `1.1 ${ALLOWED}`],
  ['client-ip', ALLOWED],
]

/** Other spellings of addresses: what is not the plain form is nobody's address. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ['none', ''],
  ['another network', OUTSIDE],
  ['the neighbour below', '203.0.112.255'],
  ['the neighbour above', '203.0.114.0'],
  ['a blank behind', `${ALLOWED} `],
  ['two by a comma', `${ALLOWED}, ${OUTSIDE}`],
  ['a port behind', `${ALLOWED}:443`],
  ['decimal', '3405803783'],
  ['hexadecimal', '0xcb.0x00.0x71.0x07'],
  ['octal', '0313.0.0161.07'],
  ['leading zeros', '203.000.113.007'],
  ['short', '203.0.7'],
  ['full-width digits', '203.0.113.\uff17'],
  ['IPv4 in IPv6, another network', `::ffff:${OUTSIDE}`],
  ['IPv4-compatible IPv6', `::${ALLOWED}`],
  ['6to4', '2002:cb00:7107::1'],
  ['IPv6, the neighbour', '2001:db9::1'],
  ['IPv6 in brackets', '[2001:db8::1]'],
  ['loopback', '127.0.0.1'],
]

export const sources: readonly Attack[] = onEach(
  'sources',
  ['listedValidate'],
  [
    ...HEADERS.map(
      ([name, value]) =>
        [
          `${name}: ${value}`,
          'SOURCE_FORBIDDEN',
          (good) => ({ ...withHeaders(good, { [name]: value }), sourceIp: OUTSIDE }),
        ] as const satisfies readonly [string, string, Attack['spoil']],
    ),
    ...ADDRESSES.map(
      ([name, sourceIp]) =>
        [
          `source address: ${name}`,
          'SOURCE_FORBIDDEN',
          (good) => ({ ...good, sourceIp }),
        ] as const satisfies readonly [string, string, Attack['spoil']],
    ),
    [
      'the address in the query',
      'SOURCE_FORBIDDEN',
      (good) => ({ ...good, sourceIp: OUTSIDE, query: { sourceIp: ALLOWED } }),
    ],
    // Nothing of a stranger's body is looked at.
    ['no JSON, from outside', 'SOURCE_FORBIDDEN', (good) => ({ ...withText(good, '{'), sourceIp: OUTSIDE })],
  ],
)
