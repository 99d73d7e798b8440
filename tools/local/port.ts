/** Choosing a port, and saying what to do when it is taken. */

import { once } from 'node:events'
import { createServer } from 'node:net'
import { LOOPBACK } from './constants.ts'

/** 0 lets the system choose. Throws a sentence for anything but a port number. */
export const parsePort = (value: string | number): number => {
  const port = Number(value)
  if (/^\d+$/.test(String(value)) && port <= 65_535) return port
  throw new Error(`PORT is ${JSON.stringify(value)}, not a port number: set it to 0 (any free one) to 65535.`)
}

/** The offline server would only report a stack; whoever started two of them wants to know about PORT. */
export const assertPortIsFree = async (port: number): Promise<void> => {
  const probe = createServer().listen(port, LOOPBACK)
  try {
    await once(probe, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`Port ${port} ${whyNot(code)}. Choose another: PORT=${instead(port)} npm start`)
  }
  probe.close()
  await once(probe, 'close')
}

const whyNot = (code: string | undefined): string =>
  code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${code})`

/** The next one; below 1024 only the system's own user may listen. */
const instead = (port: number): number => (port < 1024 || port === 65_535 ? 8080 : port + 1)
