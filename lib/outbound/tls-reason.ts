/** Why TLS came to nothing, in words of our own: the names of Node and OpenSSL are no closed set, and a message may repeat the peer. */

/** By the code of Node's error: what is wrong with the server's certificate. */
const CERTIFICATE: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS: certificate self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS: CA unknown'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'TLS: CA unknown'],
  // The chain ends too soon: its next link was not sent, or is a CA that is not trusted. These look alike.
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS: intermediate missing or CA unknown'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS: intermediate missing or CA unknown'],
  ['CERT_HAS_EXPIRED', 'TLS: certificate expired'],
  ['CERT_NOT_YET_VALID', 'TLS: certificate not yet valid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS: certificate of another name'],
  ['HOSTNAME_MISMATCH', 'TLS: certificate of another name'],
  ['CERT_REVOKED', 'TLS: certificate revoked'],
])

/** By OpenSSL's text: what it has no code for, and what either side refuses in the handshake. */
const HANDSHAKE: readonly (readonly [RegExp, string])[] = [
  [
    /key too weak|ee key too small|ca key too small|digest algorithm too weak|md too weak/,
    'TLS: certificate weak',
  ],
  [/dh key too small|modulus too small|bad dh value/, 'TLS: DH key too small'],
  [/protocol version|unsupported protocol|version too low|unsupported ssl version/, 'TLS: version too old'],
  [/wrong version number|http request|packet length too long|bad record type/, 'TLS: not spoken there'],
  [/certificate required/, 'TLS: client certificate demanded'],
  [/unrecognized name/, 'TLS: server name unknown'],
  [/handshake failure|insufficient security|no shared cipher|no ciphers available/, 'TLS: no common cipher'],
]

const OTHER_HANDSHAKE = 'TLS: handshake failed'
const OTHER_CERTIFICATE = 'TLS: certificate refused'

/** Every reason that `tlsReason` gives. */
export const TLS_REASONS: ReadonlySet<string> = new Set([
  ...CERTIFICATE.values(),
  ...HANDSHAKE.map(([, reason]) => reason),
  OTHER_HANDSHAKE,
  OTHER_CERTIFICATE,
])

/** OpenSSL's own error queue in a message: number, library, function, then the text that is looked for. */
const OPENSSL = /:SSL routines:[^:]*:([^:]*):/

/** The names that Node has for what OpenSSL finds in a certificate, beside those of the table. */
const OTHER_CERTIFICATE_CODE =
  /^(CERT_|CRL_|ERROR_IN_CERT_|INVALID_|PATH_LENGTH_|UNABLE_TO_|UNSPECIFIED$|OUT_OF_MEM$)/

/** One of `TLS_REASONS`, or undefined for what is no failure of TLS. */
export const tlsReason = ({ code = '', message }: NodeJS.ErrnoException): string | undefined => {
  const known = CERTIFICATE.get(code)
  if (known !== undefined) return known
  const isHandshake = code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code)
  if (!isHandshake && !OTHER_CERTIFICATE_CODE.test(code)) return undefined
  const text = isHandshake ? (OPENSSL.exec(message)?.[1] ?? '') : message
  const [, reason] = HANDSHAKE.find(([pattern]) => pattern.test(text)) ?? []
  return reason ?? (isHandshake ? OTHER_HANDSHAKE : OTHER_CERTIFICATE)
}
