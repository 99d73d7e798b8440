/** Real certificates, made at run time: roots, intermediates and servers' own. */

import selfsigned from 'selfsigned'

export interface KeyPair {
  readonly cert: string
  readonly key: string
}

type Extensions = NonNullable<Parameters<typeof selfsigned.generate>[1]>['extensions']

const newCertificate = async (
  name: string,
  extensions: NonNullable<Extensions>,
  issuer: KeyPair | undefined,
): Promise<KeyPair> => {
  const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions,
    ...(issuer === undefined ? {} : { ca: issuer }),
  })
  return { cert, key }
}

/** A certificate that may sign others; a root without `issuer`. */
export const newAuthority = (name: string, issuer?: KeyPair): Promise<KeyPair> =>
  newCertificate(
    name,
    [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
    issuer,
  )

/** A server's own certificate for 127.0.0.1 and `vendor.example`; self-signed without `issuer`. */
export const newServerCertificate = (issuer?: KeyPair): Promise<KeyPair> =>
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
  )
