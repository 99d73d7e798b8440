/** Real certificates, made at run time: roots, intermediates and servers' own. */

import { createPublicKey } from 'node:crypto'
import selfsigned from 'selfsigned'

export interface KeyPair {
  readonly cert: string
  readonly key: string
}

type Options = NonNullable<Parameters<typeof selfsigned.generate>[1]>

const newCertificate = async (
  name: string,
  extensions: NonNullable<Options['extensions']>,
  issuer: KeyPair | undefined,
  options: Options = {},
): Promise<KeyPair> => {
  const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions,
    ...options,
    ...(issuer === undefined ? {} : { ca: issuer }),
  })
  return { cert, key }
}

const AUTHORITY: NonNullable<Options['extensions']> = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
]

/** A certificate that may sign others; a root without `issuer`. */
export const newAuthority = (name: string, issuer?: KeyPair): Promise<KeyPair> =>
  newCertificate(name, AUTHORITY, issuer)

/** The same name and key as those of an authority that is there, signed by another one. */
export const crossSigned = (name: string, { cert, key }: KeyPair, issuer: KeyPair): Promise<KeyPair> => {
  const publicKey = createPublicKey(cert).export({ type: 'spki', format: 'pem' }).toString()
  return newCertificate(name, AUTHORITY, issuer, { keyPair: { privateKey: key, publicKey } })
}

/** A server's own certificate for 127.0.0.1 and `vendor.example`; self-signed without `issuer`. `days` since and until when it is good. */
export const newServerCertificate = (
  issuer?: KeyPair,
  days: { readonly from: number; readonly to: number } = { from: 0, to: 365 },
): Promise<KeyPair> =>
  newCertificate(
    'vendor.example',
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'vendor.example' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
    issuer,
    { notBeforeDate: inDays(days.from), notAfterDate: inDays(days.to) },
  )

const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 3_600_000)
