/** The vendors' emulators behind TLS with a private CA, as the functions demand it of every vendor. */

import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createServer, type Server } from 'node:tls'
import selfsigned from 'selfsigned'
import type { SystemName } from '../../lib/vendors/registry.ts'
import { LOCAL_TENANT } from '../local/constants.ts'
import { startUpstreams, type TenantSecrets } from '../local/upstreams/upstreams.ts'

export interface Vendors {
  /** PEM of the CA that has signed for all of them. */
  readonly ca: string
  /** A tenant's secrets, as an operator puts them into Secrets Manager. */
  readonly secrets: Readonly<Record<SystemName, object>>
  /** The address of CEC without TLS, for a chat token of one's own. */
  readonly plainCec: TenantSecrets['cec']
  /** How often each machine token has been asked for, by the vendor's name of the call. */
  readonly fetches: () => Readonly<Record<string, number>>
  readonly close: () => Promise<void>
}

/** Starts them at an address of this machine that is not loopback. */
export const startVendors = async (address: string): Promise<Vendors> => {
  const { ca, tls } = await certificates(address)
  const [cec, oiap, live] = await Promise.all([1, 2, 3].map(() => startFront(tls, address)))
  if (!cec || !oiap || !live) throw new TypeError('three fronts were expected')
  const upstreams = await startUpstreams({
    cec: { hosts: [cec.host] },
    oiap: { hosts: [oiap.host] },
    live: { hosts: [live.host] },
  })
  const plain = upstreams.tenantSecrets(LOCAL_TENANT)
  for (const [front, { url }] of [
    [cec, upstreams.cec],
    [oiap, upstreams.oiap],
    [live, upstreams.live],
  ] as const)
    front.leadTo(Number(new URL(url).port))
  const at = (front: Front, url: string): string => url.replace(/^http:\/\/[^/]+/, `https://${front.host}`)
  return {
    ca,
    plainCec: plain.cec,
    fetches: () => ({
      tokenByAkSk: upstreams.cec.calls('tokenByAkSk'),
      getAppCubeToken: upstreams.oiap.calls('getAppCubeToken'),
      gettoken: upstreams.oiap.calls('gettoken'),
    }),
    secrets: {
      // `always`: the schedule fetches the tokens before anybody has asked for one
      cec: {
        ...plain.cec,
        tokenUrl: at(cec, plain.cec.tokenUrl),
        applyTokenUrl: at(cec, plain.cec.applyTokenUrl),
        chatUrl: at(cec, plain.cec.chatUrl),
        ca,
        warm: 'always',
      },
      oiap: { ...plain.oiap, url: at(oiap, plain.oiap.url), ca, warm: 'always' },
      'oiap-third-party': {
        ...plain['oiap-third-party'],
        url: at(oiap, plain['oiap-third-party'].url),
        ca,
        warm: 'always',
      },
      live: { ...plain.live, endpoint: at(live, plain.live.endpoint) }, // this vendor's shape has no `ca`
      'live-im': plain['live-im'],
      'live-rtc': plain['live-rtc'],
    },
    close: async () => {
      for (const front of [cec, oiap, live]) front.server.close()
      await upstreams.close()
    },
  }
}

interface Front {
  readonly server: Server
  /** `<address>:<port>` */
  readonly host: string
  readonly leadTo: (port: number) => void
}

/** Takes TLS off and passes the bytes on: the vendor sees the `Host` that was signed. */
const startFront = async (tls: { cert: string; key: string }, address: string): Promise<Front> => {
  let port = 0
  const server = createServer(tls, (outside) => {
    const inside = connect(port, '127.0.0.1')
    outside.pipe(inside).pipe(outside)
    outside.on('error', () => inside.destroy())
    inside.on('error', () => outside.destroy())
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    server,
    host: `${address}:${(server.address() as AddressInfo).port}`,
    leadTo: (target) => {
      port = target
    },
  }
}

const certificates = async (ip: string): Promise<{ ca: string; tls: { cert: string; key: string } }> => {
  const options = { keyType: 'ec', algorithm: 'sha256' } as const
  const authority = await selfsigned.generate([{ name: 'commonName', value: 'Rehearsal CA' }], {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const { cert, private: key } = await selfsigned.generate(
    [{ name: 'commonName', value: 'Rehearsal vendor' }],
    {
      ...options,
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip }] },
      ],
      ca: { key: authority.private, cert: authority.cert },
    },
  )
  return { ca: authority.cert, tls: { cert, key } }
}
