/** `ca` of a tenant's settings: certificates as operators paste them, made into clean PEM. */

import { X509Certificate } from 'node:crypto'
import * as z from 'zod/mini'
import { invisibleIn } from './setting-types.ts'

const MOST = 32_768
const EXPECTED = 'expected certificates in PEM, each from "-----BEGIN CERTIFICATE-----" on'

/**
 * Takes what surrounds the blocks, escaped and lost line breaks, and one certificate as base64 alone. Every block must
 * be a certificate and one of them self-signed, since TLS trusts no chain without its root. Neither dates nor purposes
 * are checked: that is for the handshake.
 */
export const ca = z.pipe(
  z.string(EXPECTED),
  z.transform((text, { issues }) => {
    const found = certificatesIn(text)
    if (typeof found !== 'string') return found.map(String).join('')
    issues.push({ code: 'custom', message: found, input: undefined })
    return z.NEVER
  }),
)

/** The certificates, or what was expected instead. */
const certificatesIn = (text: string): readonly X509Certificate[] | string => {
  if (text.length > MOST) return `expected at most ${MOST} characters`
  if (/PRIVATE KEY\s*-----/.test(text))
    return 'expected certificates alone: a private key does not belong here'
  const plain = text.replace(/\\+([rnt]?)/g, (_, letter: string) => (letter === '' ? '' : '\n'))
  const blocks = blocksIn(plain)
  // One without its first line would be lost among the text around the blocks.
  if (!blocks[0]?.isBare && BARE_CERTIFICATE.test(withoutBlanks(plain.replace(BLOCK, '|')))) return EXPECTED
  const found: X509Certificate[] = []
  for (const { body, isBare } of blocks) {
    const certificate = certificateIn(body)
    if (certificate === undefined)
      return (
        invisibleIn(body) ??
        (isBare ? EXPECTED : `expected certificates alone: block ${found.length + 1} is not a certificate`)
      )
    found.push(certificate)
  }
  if (found.some(isSelfSigned)) return found
  const named = found.map((certificate, index) => `block ${index + 1} is ${kindOf(certificate)}`)
  return `expected the root certificate too: ${named.join(', ')}`
}

interface Block {
  /** Base64 without blanks; empty where it is none of a certificate, or has no end. */
  readonly body: string
  readonly isBare: boolean
}

/** No two neighbours of it match the same character: else a long text of blanks would be tried in every division. */
const BLOCK = /-----BEGIN(\s[^-]*)-----([^-]*)(-----END)?/g

/** How the base64 of every certificate begins: a SEQUENCE whose length takes two bytes. */
const BARE_CERTIFICATE = /MII[A-Za-z0-9+/]{60,}/

const blocksIn = (text: string): readonly Block[] => {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '', end]) => ({
    body: /^(X509\s+)?CERTIFICATE$/.test(label.trim()) && end !== undefined ? withoutBlanks(body) : '',
    isBare: false,
  }))
  return blocks.length > 0 ? blocks : [{ body: withoutBlanks(text), isBare: true }]
}

const withoutBlanks = (text: string): string => text.replace(/\s/g, '')

const certificateIn = (base64: string): X509Certificate | undefined => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  const der = Buffer.from(base64, 'base64')
  try {
    const certificate = new X509Certificate(der)
    // Something behind it would be lost, and so would all but the first of PEM that was encoded once more.
    return certificate.raw.equals(der) ? certificate : undefined
  } catch {
    return undefined
  }
}

/** By name and signature. Not `checkIssued`, which wants a server's own certificate to be allowed to sign others. */
const isSelfSigned = (certificate: X509Certificate): boolean => {
  try {
    return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
  } catch {
    // A key that this Node does not know.
    return false
  }
}

const kindOf = ({ ca: isAuthority }: X509Certificate): string =>
  isAuthority ? 'an intermediate certificate' : "a server's own certificate"
