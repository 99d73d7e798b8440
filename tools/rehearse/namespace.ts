/** A network of its own for the rehearsal: nothing in it reaches the outside, and it has an address that is not loopback. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rehearsalFolder } from './folder.ts'

/** Of the range for tests between networks (RFC 2544). The functions refuse loopback, so the vendors stand here. */
export const VENDOR_ADDRESS = '198.18.0.1'

/** Tells the inner process that it is one, and where its temporary files go. */
const INSIDE = 'CEC_TOKEN_BRIDGE_REHEARSAL'

/** The folder for temporary files, in the inner process; undefined in the outer one. */
export const insideFolder = (): string | undefined => process.env[INSIDE]

const NETWORK = `ip link set lo up && ip address add ${VENDOR_ADDRESS}/32 dev lo && exec "$@"`

/**
 * Runs this program once more, in network and process namespaces of its own, and returns its exit code. When one of the two
 * processes ends, however it does, so does the other, and Linux ends all that the inner one has started. Needs Linux with
 * `unshare` and `ip`; no root where a user may make namespaces. Throws one sentence when that cannot be. `prepare` comes first, while
 * there is a network still, and is given the folder.
 */
export const runInside = async (
  args: readonly string[],
  prepare: (folder: string) => Promise<void> = async () => {},
): Promise<number> => {
  if (process.platform !== 'linux')
    throw new Error(
      'The rehearsal in the emulator needs Linux, for a network of its own; --real runs anywhere.',
    )
  const folder = rehearsalFolder()
  await prepare(folder)
  const child = spawn('unshare', [...namespaces(), 'sh', '-c', NETWORK, 'sh', process.execPath, ...args], {
    env: { ...process.env, [INSIDE]: folder },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  try {
    const [code] = await once(child, 'exit')
    return code ?? 1
  } catch (error) {
    throw new Error(
      `The rehearsal needs the commands unshare and ip (util-linux and iproute2): ${(error as Error).message}.`,
    )
  }
}

/** Ends the inner process with the outer one: its standard input ends then. */
export const endWithOuterProcess = (): void => {
  process.stdin.on('end', () => process.exit(1)).resume()
}

/** `--kill-child`: when unshare is ended, so is the first process inside, and with it all others. */
const namespaces = (): string[] => [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  ...['--net', '--pid', '--fork', '--kill-child'],
]
