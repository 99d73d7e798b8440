/** Tokens that are too long, or have a part that is: looked at before any work. */

import { base64url, mint } from '../support/mint.ts'
import type { Attack } from './attack.ts'
import { asTokens, type Fault, type Forge, TAKEN, type TokenLine } from './kinds.ts'

const segments = ({ good }: Forge): { head: string; payload: string; signature: string } => {
  const [head = '', payload = '', signature = ''] = good().split('.')
  return { head, payload, signature }
}

/** More than a credential may have is looked at no further: of which kind it is, nobody knows. */
const LONG: Fault = { enterprise: 'TOO_LARGE', access: 'CALLER_TOO_LARGE', oidc: 'CALLER_TOO_LARGE' }
const HUGE: Fault = { ...LONG, enterprise: 'BODY_TOO_LARGE' }

const signedBy = (forge: Forge, signature: string): string =>
  `${segments(forge).head}.${segments(forge).payload}.${signature}`

const LENGTHS: readonly TokenLine[] = [
  ...['.', '..', '...', 'a', 'a.b', 'a.b.c', '{}.{}.{}', '....'].map(
    (text): TokenLine => [`nothing but ${text}`, 'FORM', () => text],
  ),
  ['4,609 characters', { enterprise: 'TOO_LARGE' }, (forge) => forge.good().padEnd(4609, 'A')],
  ['4,096 dots', 'FORM', () => '.'.repeat(4096)],
  ['15,000 dots', LONG, () => '.'.repeat(15_000)],
  [
    'a header of 3 KiB',
    { enterprise: 'HEADER_UNKNOWN', access: 'HEADER_UNKNOWN', oidc: 'SIGNATURE_INVALID' },
    (forge) => {
      const { payload, signature } = segments(forge)
      return `${base64url(forge.header({ pad: 'A'.repeat(2200) }))}.${payload}.${signature}`
    },
  ],
  [
    'a signature of 3 KiB',
    { enterprise: 'MALFORMED', access: 'MALFORMED', oidc: 'SIGNATURE_INVALID' },
    (forge) => signedBy(forge, 'A'.repeat(3000)),
  ],
  [
    'a signature of 4,500 characters',
    { enterprise: 'TOO_LARGE', access: 'TOO_LARGE', oidc: 'SIGNATURE_INVALID' },
    (forge) => signedBy(forge, 'A'.repeat(4500)),
  ],
  ['a signature of 8,000 characters', LONG, (forge) => signedBy(forge, 'A'.repeat(8000))],
  [
    'claims of 3,073 bytes',
    { enterprise: 'TOO_LARGE', access: 'TOO_LARGE', oidc: TAKEN },
    ({ header, claims, key }) => mint(header(), claims({ pad: 'A'.repeat(3073) }), key),
  ],
  [
    'claims of 6,145 bytes',
    LONG,
    ({ header, claims, key }) => mint(header(), claims({ pad: 'A'.repeat(6145) }), key),
  ],
  ['a token of 1 MB', HUGE, (forge) => forge.good().padEnd(1_000_000, 'A')],
  ['a token of 5 MB', HUGE, (forge) => forge.good().padEnd(5_000_000, 'A')],
]

export const tokenLengths: readonly Attack[] = asTokens('token lengths', LENGTHS)
