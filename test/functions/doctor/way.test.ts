import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type KeyPair, newAuthority, newServerCertificate } from '../../support/certificates.ts'
import { about, ask } from '../../support/doctor-world.ts'
import { startVendorWorld, type VendorWorld } from '../../support/vendor-world.ts'

let world: VendorWorld
let root: KeyPair
let intermediate: KeyPair
let leaf: KeyPair
const servers: Server[] = []
beforeAll(async () => {
  world = await startVendorWorld()
  root = await newAuthority('Root')
  intermediate = await newAuthority('Intermediate', root)
  leaf = await newServerCertificate(intermediate)
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => world.close())

const listening = async (server: Server): Promise<string> => {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/token`
}
/** A vendor that knows no path. */
const tlsServer = (options: TlsOptions) =>
  listening(createTlsServer(options, (_, response) => response.writeHead(404).end()))
const found = async (changes: object) => {
  await world.clearTokens()
  world.putSettings('cec', changes)
  const { findings } = await ask(world, about('cec'), { ms: 6_000 })
  return findings.map(({ cause, field, reason }) => [cause, field, reason])
}
/** What the same server is told of by a secret without the fault: it was reached. */
const REACHED = [['ADDRESS_WRONG', 'tokenUrl', undefined]]
const trusted = () => ({ ca: root.cert, serverName: 'vendor.example' })
const chain = () => ({ key: leaf.key, cert: `${leaf.cert}\n${intermediate.cert}` })

describe('functions/doctor: the way to a vendor', () => {
  it('lacks the CA', async () => {
    const tokenUrl = await tlsServer(chain())
    expect(await found({ tokenUrl, serverName: 'vendor.example' })).toEqual([
      ['INTERMEDIATE_OR_CA_MISSING', 'tokenUrl', 'TLS: intermediate missing or CA unknown'],
    ])
    expect(await found({ tokenUrl, ...trusted() })).toEqual(REACHED)
  })

  it('lacks the CA, and the vendor sends its root', async () => {
    const tokenUrl = await tlsServer({
      key: leaf.key,
      cert: `${leaf.cert}\n${intermediate.cert}\n${root.cert}`,
    })
    expect(await found({ tokenUrl })).toEqual([['CA_MISSING', 'tokenUrl', 'TLS: CA unknown']])
    expect(await found({ tokenUrl, ...trusted() })).toEqual(REACHED)
  })

  it('lacks the intermediate', async () => {
    const tokenUrl = await tlsServer({ key: leaf.key, cert: leaf.cert })
    expect(await found({ tokenUrl, ...trusted() })).toEqual([
      ['INTERMEDIATE_OR_CA_MISSING', 'tokenUrl', 'TLS: intermediate missing or CA unknown'],
    ])
  })

  it('leads to a certificate that signed itself', async () => {
    const own = await newServerCertificate()
    const tokenUrl = await tlsServer({ key: own.key, cert: own.cert })
    expect(await found({ tokenUrl })).toEqual([['CA_MISSING', 'tokenUrl', 'TLS: certificate self-signed']])
    expect(await found({ tokenUrl, ca: own.cert })).toEqual(REACHED)
  })

  it('leads to a certificate of another name', async () => {
    const tokenUrl = await tlsServer(chain())
    expect(await found({ tokenUrl, ca: root.cert, serverName: 'other.example' })).toEqual([
      ['CERTIFICATE_OF_OTHER_NAME', 'tokenUrl', 'TLS: certificate of another name'],
    ])
    expect(await found({ tokenUrl, ...trusted() })).toEqual(REACHED)
  })

  it('leads to no common cipher', async () => {
    const tokenUrl = await tlsServer({
      ...chain(),
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
    })
    expect(await found({ tokenUrl, ...trusted() })).toEqual([
      ['TLS_REFUSED', 'tokenUrl', 'TLS: no common cipher'],
    ])
  })

  it('leads to a vendor that asks for a client certificate', async () => {
    const tokenUrl = await tlsServer({
      ...chain(),
      requestCert: true,
      rejectUnauthorized: true,
      ca: [root.cert],
    })
    const [[cause] = []] = await found({ tokenUrl, ...trusted() })
    expect(cause).toMatch(/^(CLIENT_CERTIFICATE_DEMANDED|CONNECTION_LOST)$/)
  })

  it('leads to a port where no TLS is spoken', async () => {
    const tokenUrl = await listening(createServer())
    expect(await found({ tokenUrl })).toEqual([['TLS_NOT_SPOKEN', 'tokenUrl', 'TLS: not spoken there']])
  })

  it('leads to a port where nobody listens, to a name that nobody has, and to this machine itself', async () => {
    expect(await found({ tokenUrl: 'https://127.0.0.1:9/token' })).toEqual([
      ['NOT_CONNECTED', 'tokenUrl', 'ECONNREFUSED'],
    ])
    expect((await found({ tokenUrl: 'https://no-such-host.invalid/token' }))[0]?.slice(0, 2)).toEqual([
      'NAME_UNKNOWN',
      'tokenUrl',
    ])
    expect(await found({ tokenUrl: 'https://169.254.169.254/token' })).toEqual([
      ['ADDRESS_FORBIDDEN', 'tokenUrl', undefined],
    ])
  })

  it('is refused, and the refusal says from which address the call came', async () => {
    await world.clearTokens()
    world.putSettings('cec')
    const body = '<html>Access denied. Your IP address: 203.0.113.9</html>'
    world.vendors.cec.fail({ fault: 'reply', status: 403, body, call: 'tokenByAkSk' })
    const { findings } = await ask(world, about('cec'))
    expect(findings).toMatchObject([{ cause: 'KEY_OR_ADDRESS_REFUSED', address: '203.0.113.9' }])
    // The twin, which says nothing of it
    await world.clearTokens()
    world.vendors.cec.fail({ fault: 'html-403', call: 'tokenByAkSk' })
    expect((await ask(world, about('cec'))).findings[0]).not.toHaveProperty('address')
    await world.clearTokens()
  })

  it('is named for each of the three addresses of CEC', async () => {
    expect(await found({ applyTokenUrl: 'https://127.0.0.1:9/x' })).toEqual([
      ['NOT_CONNECTED', 'applyTokenUrl', 'ECONNREFUSED'],
    ])
    expect(await found({ chatUrl: 'https://127.0.0.1:9/x' })).toEqual([
      ['NOT_CONNECTED', 'chatUrl', 'ECONNREFUSED'],
    ])
    expect(await found({})).toEqual([])
  })
})
