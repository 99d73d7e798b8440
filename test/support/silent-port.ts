/** A port of loopback that answers no connection: its listener's queue is full, and the listener is asleep. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Listens, and then sleeps until something comes on its stdin. Awake it answers every request with 200 and its address. */
const SLEEPER = `
const [host, port] = process.argv.slice(1)
const server = require('node:http').createServer((_, response) => response.end(host))
server.listen({ host, port: Number(port), backlog: 1 }, () => {
  console.log('listening ' + server.address().port)
  setTimeout(() => require('node:fs').readSync(0, Buffer.alloc(1)), 20)
})`

export interface SilentPort {
  readonly port: number
  /** Lets the listener take what waits. A first packet that was dropped comes again after a second. */
  wake(): void
  close(): void
}

export const silentPort = async (host: string, port = 0): Promise<SilentPort> => {
  const child = spawn(process.execPath, ['-e', SLEEPER, host, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const bound = Number(/\d+/.exec(String(line))?.[0])
  await sleep(60)
  const queued: Socket[] = [1, 2, 3].map(() => connect(bound, host).on('error', () => undefined))
  await sleep(60)
  return {
    port: bound,
    wake: () => child.stdin.write('x'),
    close: () => {
      for (const socket of queued) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}
