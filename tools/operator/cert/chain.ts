/** The certificates that a server shows, from its own up to a root, as far as this machine can follow them. */

import type { X509Certificate } from 'node:crypto'
import { X509Certificate as Certificate } from 'node:crypto'
import { connect, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls'

const CONNECT_MS = 10_000

export interface Chain {
  readonly leaf: X509Certificate
  readonly intermediates: readonly X509Certificate[]
  /** Undefined where neither the server shows it nor this machine knows it. */
  readonly root: X509Certificate | undefined
  /** Why this machine would not trust the server, in Node's words; undefined where it would. */
  readonly fault: string | undefined
  /** Whether each certificate but the root was shown by the server itself: many clients need that. */
  readonly isComplete: boolean
}

export interface ChainSource {
  readonly host: string
  readonly port: number
  /** The name that TLS asks for. */
  readonly serverName: string
  /** PEM of further roots that this machine shall trust. */
  readonly ca?: string | undefined
}

/** Connects, and sends nothing. Throws an Error whose message is one sentence. */
export const chainOf = async ({ host, port, serverName, ca }: ChainSource): Promise<Chain> => {
  const extra = ca === undefined ? [] : certificatesIn(ca)
  // The certificates of a server that is not trusted are wanted too: nothing is sent there.
  const socket = connect({
    host,
    port,
    servername: serverName,
    rejectUnauthorized: false,
    timeout: CONNECT_MS,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  })
  try {
    await connected(socket, `${host}:${port}`)
    const shown = shownBy(socket)
    const [leaf] = shown
    if (leaf === undefined) throw new Error(`${host}:${port} shows no certificate.`)
    const own = [...extra, ...rootCertificates.map((pem) => new Certificate(pem))]
    const path = followed(leaf, { known: [...shown.slice(1), ...own], trusted: own.filter(isRoot) })
    const last = path.at(-1)
    const root = last !== undefined && isRoot(last) ? last : undefined
    const isShown = (one: X509Certificate) =>
      shown.some(({ fingerprint256 }) => fingerprint256 === one.fingerprint256)
    return {
      leaf,
      root: root === leaf ? undefined : root,
      intermediates: path.slice(1).filter((one) => one !== root),
      fault: socket.authorized ? undefined : String(socket.authorizationError),
      isComplete: path.filter((one) => !isRoot(one)).every(isShown) && (root !== undefined || isRoot(leaf)),
    }
  } finally {
    socket.destroy()
  }
}

const connected = (socket: TLSSocket, place: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('timeout', () => reject(new Error(`${place} does not answer within ${CONNECT_MS / 1000} s.`)))
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(new Error(`${place} cannot be reached by TLS (${code ?? message}).`)),
    )
  })

/** Its own first, and none twice. The last one of Node's list is its own issuer. */
const shownBy = (socket: TLSSocket): X509Certificate[] => {
  const found: X509Certificate[] = []
  let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (at?.raw !== undefined) {
    const one = new Certificate(at.raw)
    if (found.some(({ fingerprint256 }) => fingerprint256 === one.fingerprint256)) break
    found.push(one)
    at = at.issuerCertificate
  }
  return found
}

interface Known {
  readonly known: readonly X509Certificate[]
  readonly trusted: readonly X509Certificate[]
}

/**
 * From a certificate to the one that signed it, and so on to a root. A trusted root stands in the place of a shown certificate of the
 * same subject and key: servers send roots that an older root has signed, and whoever trusts the newer one needs no more.
 */
const followed = (leaf: X509Certificate, { known, trusted }: Known): X509Certificate[] => {
  const path = [leaf]
  for (let at = leaf; !isRoot(at); ) {
    const next = known.find((one) => !path.includes(one) && signed(one, at))
    if (next === undefined) break
    at = trusted.find((root) => isSameAuthority(root, next)) ?? next
    path.push(at)
  }
  return path
}

const signed = (issuer: X509Certificate, one: X509Certificate): boolean =>
  one.checkIssued(issuer) && one.verify(issuer.publicKey)

const isSameAuthority = (one: X509Certificate, other: X509Certificate): boolean =>
  one.subject === other.subject && one.publicKey.equals(other.publicKey)

const isRoot = (one: X509Certificate): boolean => one.subject === one.issuer

const certificatesIn = (pem: string): X509Certificate[] => {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (found.length === 0) throw new Error('--ca: expected certificates as PEM.')
  try {
    return found.map((one) => new Certificate(one))
  } catch {
    throw new Error('--ca: expected certificates as PEM, and one of them cannot be read. Copy the file anew.')
  }
}
