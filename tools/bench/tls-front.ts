/** TLS before an emulator, as AWS has it: the first TLS connection of a process costs more than all later ones. */

import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import selfsigned from 'selfsigned'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Of an authority that is its own server: who trusts it can call 127.0.0.1. */
export const ownCertificate = async (): Promise<Certificate> => {
  const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  return { cert, key }
}

/** Hands every request on to `target`, and its answer back. */
export const startTlsFront = async (target: string, certificate: Certificate) => {
  const { host } = new URL(target)
  const server = createServer({ ...certificate }, (incoming, outgoing) => {
    const { method = 'POST', url = '/', headers } = incoming
    const onward = request(new URL(url, target), { method, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
