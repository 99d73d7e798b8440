/** A network of its own for the rehearsal: nothing in it reaches the outside, and it has an address that is not loopback. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of the range for tests between networks (RFC 2544). The functions refuse loopback, so the vendors stand here. */
export const VENDOR_ADDRESS = '198.18.0.1'

/** Tells the inner process that it is one, and where its temporary files go. */
const INSIDE = 'CEC_TOKEN_BRIDGE_REHEARSAL'

/** The folder for temporary files, in the inner process; undefined in the outer one. */
export const insideFolder = (): string | undefined => process.env[INSIDE]

const NETWORK = `ip link set lo up && ip address add ${VENDOR_ADDRESS}/32 dev lo && exec "$@"`

/**
 * Runs this program once more, in network and process namespaces of its own, and returns its exit code. When the inner
 * process ends, however it does, Linux ends all that it has started, and its temporary files are removed. Needs Linux with
 * `unshare` and `ip`; no root where a user may make namespaces. Throws one sentence when that cannot be.
 */
export const runInside = async (args: readonly string[]): Promise<number> => {
  if (process.platform !== 'linux')
    throw new Error(
      'The rehearsal in the emulator needs Linux, for a network of its own; --real runs anywhere.',
    )
  const folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-rehearsal-'))
  try {
    const child = spawn('unshare', [...namespaces(), 'sh', '-c', NETWORK, 'sh', process.execPath, ...args], {
      env: { ...process.env, [INSIDE]: folder },
      stdio: 'inherit',
    })
    const forward = (signal: NodeJS.Signals): boolean => child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward).on('SIGHUP', forward)
    const [code] = await once(child, 'exit')
    return code ?? 1
  } catch (error) {
    throw new Error(
      `The rehearsal needs the commands unshare and ip (util-linux and iproute2): ${(error as Error).message}.`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `--kill-child`: when unshare is ended, so is the first process inside, and with it all others. */
const namespaces = (): string[] => [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  ...['--net', '--pid', '--fork', '--kill-child'],
]
