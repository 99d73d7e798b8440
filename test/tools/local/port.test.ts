import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { assertPortIsFree, parsePort } from '../../../tools/local/port.ts'

describe('tools/local/port', () => {
  it('says that a port is in use, and names another', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await expect(assertPortIsFree(port)).rejects.toThrow(
      `Port ${port} is in use by another program. Choose another: PORT=${port === 65_535 ? 8080 : port + 1} npm start`,
    )
    server.close()
    await once(server, 'close')
    await expect(assertPortIsFree(port)).resolves.toBeUndefined()
  })

  it.each(['http', '-1', '65536', '3000.5', ' '])('refuses %j, which is no port', (text) => {
    expect(() => parsePort(text)).toThrow('not a port number: set it to 0 (any free one) to 65535.')
    expect(parsePort('65535')).toBe(65_535)
  })
})
