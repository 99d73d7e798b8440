import { createPublicKey, X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as z from 'zod/mini'
import { BridgeError } from '../../../lib/errors.ts'
import { outbound } from '../../../lib/outbound/outbound.ts'
import { ca } from '../../../lib/schemas/ca.ts'
import { parsed } from '../../../lib/secrets/parsed.ts'
import { CecSettings } from '../../../lib/vendors/cec/settings.ts'
import { oiapProfile } from '../../../lib/vendors/oiap/profile.ts'
import { expectClean, secret } from '../../support/canary.ts'
import { type KeyPair, newAuthority, newServerCertificate } from '../../support/certificates.ts'
import { secretSamples } from '../../support/secret-samples.ts'

const SAMPLES = secretSamples()
const SECRETS: readonly (readonly [string, z.ZodMiniType<{ ca?: string | undefined }>])[] = [
  ['cec', CecSettings],
  ['oiap', oiapProfile.schema],
]

let root: KeyPair
let intermediate: KeyPair
let leaf: KeyPair
let own: KeyPair
const servers: Server[] = []

beforeAll(async () => {
  root = await newAuthority('A root')
  intermediate = await newAuthority('An intermediate', root)
  leaf = await newServerCertificate(intermediate)
  own = await newServerCertificate()
})
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** What is handed on of a pasted `ca`, of the same value in each secret. */
const read = (ca: unknown): string | undefined => {
  const [first, ...others] = SECRETS.map(
    ([name, schema]) => parsed('a/secret', JSON.stringify({ ...SAMPLES[name]?.value, ca }), schema).ca,
  )
  for (const other of others) expect(other).toBe(first)
  return first
}
const faultOf = (ca: unknown): unknown => {
  try {
    read(ca)
  } catch (error) {
    if (error instanceof BridgeError) return { code: error.code, ...error.detail }
  }
  return 'taken'
}
const refused = (expected: string) => ({
  code: 'SECRET_MALFORMED',
  secret: 'a/secret',
  field: 'ca',
  expected,
})
const PEM = 'expected certificates in PEM, each from "-----BEGIN CERTIFICATE-----" on'
const noCertificate = (block: number) =>
  refused(`expected certificates alone: block ${block} is not a certificate`)

const clean = (...pairs: readonly KeyPair[]): string =>
  pairs.map(({ cert }) => new X509Certificate(cert).toString()).join('')
const base64 = ({ cert }: KeyPair): string => new X509Certificate(cert).raw.toString('base64')

describe('lib/schemas/ca, of certificates as they are pasted', () => {
  it.each([
    ['as they are', (pem: string) => pem],
    ['line breaks written as backslash and n', (pem: string) => pem.replaceAll('\n', '\\n')],
    ['the same, escaped once more', (pem: string) => pem.replaceAll('\n', '\\\\n')],
    ['backslash, r, backslash, n', (pem: string) => pem.replaceAll('\n', '\\r\\n')],
    ['slashes with a backslash before them', (pem: string) => pem.replaceAll('/', '\\/')],
    ['line breaks of Windows', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['line breaks of an old Mac', (pem: string) => pem.replaceAll('\n', '\r')],
    ['line breaks lost to blanks', (pem: string) => pem.replaceAll('\n', ' ')],
    ['line breaks lost to nothing', (pem: string) => pem.replaceAll('\n', '')],
    ['indented', (pem: string) => pem.replaceAll('\n', '\n    ')],
    ['blank lines', (pem: string) => `\n\n${pem.replaceAll('\n', '\n\n')}\n`],
    ['a byte order mark before each', (pem: string) => pem.replaceAll('-----BEGIN', '\ufeff-----BEGIN')],
    ['the other name of a certificate', (pem: string) => pem.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE')],
    [
      'what openssl s_client prints around them',
      (pem: string) =>
        pem.replaceAll(
          '-----BEGIN',
          '---\nCertificate chain\n 0 s:CN = Vendor - Root\n   i:CN = "Vendor", O = A/B+C\n-----BEGIN',
        ),
    ],
    [
      'what openssl pkcs12 prints around them',
      (pem: string) =>
        `${pem.replaceAll('-----BEGIN', 'Bag Attributes\n    localKeyID: 54 69\nsubject=CN = x\nissuer=CN = x\n-----BEGIN')}\nKey Attributes: <No Attributes>`,
    ],
  ])('takes %s, and hands on clean PEM', (_, pasted) => {
    expect(read(pasted(root.cert))).toBe(clean(root))
    expect(read(pasted(`${root.cert}\n${intermediate.cert}`))).toBe(clean(root, intermediate))
  })

  it('takes one certificate as base64 alone', () => {
    expect(read(base64(root))).toBe(clean(root))
    expect(read(` ${base64(root).replace(/.{64}/g, '$&\r\n')} `)).toBe(clean(root))
    expect(faultOf(base64(leaf))).toMatchObject({
      expected: expect.stringContaining('the root certificate too'),
    })
  })

  it.each([undefined, '', ' \n', null])('takes %j for no private CA', (ca) => {
    expect(read(ca)).toBeUndefined()
  })

  it('refuses a private key, and repeats nothing of it', () => {
    const body = root.key.replace(/-----[^-]+-----|\s/g, '')
    secret('private key of a CA', body)
    for (const pasted of [
      root.key,
      `${root.cert}\n${root.key}`,
      `${root.cert}${root.key.replace('PRIVATE', 'EC PRIVATE')}`,
      root.key.replace('PRIVATE', 'ENCRYPTED PRIVATE').replaceAll('\n', ' '),
      root.key.slice(0, -40),
    ]) {
      const fault = faultOf(pasted)
      expect(fault).toEqual(refused('expected certificates alone: a private key does not belong here'))
      expectClean('the fault', JSON.stringify(fault))
    }
  })

  it('says which block is not a certificate', () => {
    const publicKey = createPublicKey(root.key).export({ type: 'spki', format: 'pem' })
    const cut = root.cert.slice(0, root.cert.length / 2)
    for (const [pasted, block] of [
      [`${root.cert}\n${publicKey}`, 2],
      [`${publicKey}${root.cert}`, 1],
      [`${root.cert}\n${cut}`, 2],
      [cut, 1],
      [`${cut}\n${root.cert}`, 1],
      [`${root.cert}\n${root.cert.replace(/\n...../, '\n+++++')}`, 2],
      [`${root.cert}\n${root.cert.replace('MII', 'M*I')}`, 2],
      ['-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', 1],
      [root.cert.replaceAll('CERTIFICATE', 'PKCS7'), 1],
      [root.cert.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), 1],
      // Two in one block: the second would be lost.
      [
        `-----BEGIN CERTIFICATE-----\n${Buffer.concat([
          new X509Certificate(root.cert).raw,
          new X509Certificate(intermediate.cert).raw,
        ]).toString('base64')}\n-----END CERTIFICATE-----`,
        1,
      ],
    ] as const)
      expect(faultOf(pasted)).toEqual(noCertificate(block))
  })

  it('names an invisible character inside a block', () => {
    expect(faultOf(root.cert.replace('MII', 'M\u200bII'))).toEqual(
      refused('expected no invisible character, but it holds U+200B: type it anew'),
    )
  })

  it('refuses a certificate without its first line beside another one, which would be lost', () => {
    const bare = root.cert.replace(/-----[^-]+-----|\s/g, '')
    const mixed = `${bare}\n${intermediate.cert}`
    expect(faultOf(mixed)).toEqual(
      refused('expected certificates in PEM, each from "-----BEGIN CERTIFICATE-----" on'),
    )
    expect(faultOf(`${root.cert}\n${intermediate.cert}`)).toBe('taken')
  })

  it('says how a certificate looks where there is none', () => {
    for (const pasted of [
      '/etc/ssl/ca.pem',
      'subject=CN = x',
      Buffer.from(root.cert).toString('base64'),
      7,
      [root.cert],
      {},
    ])
      expect(faultOf(pasted)).toEqual(refused(PEM))
    expect(faultOf(root.cert.repeat(100))).toEqual(refused('expected at most 32768 characters'))
  })

  it('says what is missing where there is no root', () => {
    for (const [pasted, what] of [
      [leaf.cert, "block 1 is a server's own certificate"],
      [intermediate.cert, 'block 1 is an intermediate certificate'],
      [
        `${leaf.cert}\n${intermediate.cert}`,
        "block 1 is a server's own certificate, block 2 is an intermediate certificate",
      ],
    ] as const) {
      expect(faultOf(pasted)).toEqual(refused(`expected the root certificate too: ${what}`))
      expect(faultOf(`${pasted}\n${root.cert}`)).toBe('taken')
    }
  })

  it('does not take a certificate for a root because of its name', async () => {
    const namesake = await newAuthority('A root', root)
    expect(faultOf(namesake.cert)).toEqual(
      refused('expected the root certificate too: block 1 is an intermediate certificate'),
    )
  })
})

describe('lib/schemas/ca, in a handshake', () => {
  const send = outbound({ now: () => new Date(), random: () => 0, allowLoopbackHttp: true })

  const answerOf = async (server: { cert: string; key: string }, ca: string | undefined) => {
    const listening = createServer(server, (_, response) => response.end('hello'))
    servers.push(listening)
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(listening.address() as AddressInfo).port}/`
    const call = {
      tenantSpaceId: 't',
      url,
      method: 'GET',
      headers: {},
      isRepeatable: true,
      maxBytes: 99,
      ca,
    } as const
    try {
      return (await send(call, { remainingMs: () => 5_000 })).text
    } catch (error) {
      return (error as BridgeError).detail.reason
    }
  }
  const withChain = () => ({ cert: `${leaf.cert}\n${intermediate.cert}`, key: leaf.key })

  it('trusts the chain of a root', async () => {
    expect(await answerOf(withChain(), read(root.cert.replaceAll('\n', '\\n')))).toBe('hello')
    expect(await answerOf(withChain(), undefined)).toBe('TLS: intermediate missing or CA unknown')
  })

  it('trusts a server that sends no intermediate where that is pasted beside the root', async () => {
    const ca = read(`${intermediate.cert.replaceAll('\n', ' ')} ${root.cert}`)
    expect(await answerOf(leaf, ca)).toBe('hello')
    expect(await answerOf(leaf, read(root.cert))).toBe('TLS: intermediate missing or CA unknown')
  })

  it('would trust no chain without its root, so that such a secret is refused when it is read', async () => {
    for (const { cert } of [leaf, intermediate]) {
      expect(await answerOf(withChain(), cert)).toMatch(/^TLS: .*CA unknown$/)
      expect(faultOf(cert)).toMatchObject({ code: 'SECRET_MALFORMED', field: 'ca' })
    }
  })

  it('trusts a server’s own self-signed certificate, and no other with its name', async () => {
    expect(await answerOf(own, read(own.cert))).toBe('hello')
    expect(await answerOf(await newServerCertificate(), read(own.cert))).toBe('TLS: certificate self-signed')
  })
})

describe('lib/schemas/ca, of a text as long as may be', () => {
  const MOST = 32_768
  /** Each was tried in every division of its repeated part: by the square or the cube of its length. */
  it.each([
    ['a first line of blanks', '-----BEGIN', ' '],
    ['a first line of blanks and letters', '-----BEGIN ', 'a '],
    ['backslashes', '', '\\'],
    ['first lines', '', '-----BEGIN '],
    ['announced private keys', '', 'PRIVATE KEY '],
    ['the beginning of certificates', '', 'MII'],
  ])('answers at once to %s', (_, begin, unit) => {
    const text = (begin + unit.repeat(MOST)).slice(0, MOST)
    expect(ca.safeParse(text).success).toBe(false)
  })
})
