/** MiniStack, an AWS emulator that others write, with the bridge over what it lacks. */

import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOOPBACK } from '../local/constants.ts'
import { python } from './python.ts'

/** In a network of one's own every port is free. */
const PORT = 4566
const START_MS = 60_000
const PERIOD_MS = 200

export interface AwsEmulator {
  readonly url: string
  /** Where a deployed API is reached, and by which `Host`: `<api id>.execute-api.localhost:<port>`. */
  readonly hostOf: (apiId: string) => string
  readonly stop: () => void
}

export interface EmulatorOptions {
  /** For its files, which nobody else removes. */
  readonly folder: string
  readonly region: string
  /** A PEM file that its functions trust, beside the usual certificates. */
  readonly caFile: string
}

/** Resolves when it answers. Throws the end of its log when it does not within a minute. */
export const startEmulator = async ({ folder, region, caFile }: EmulatorOptions): Promise<AwsEmulator> => {
  const logFile = join(folder, 'emulator.log')
  const log = openSync(logFile, 'a')
  const child = spawn(python, [join(import.meta.dirname, 'bridge')], {
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, // the functions run on this Node
      HOME: folder,
      TMPDIR: folder,
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 's3'),
      PYTHONDONTWRITEBYTECODE: '1',
      BIND_HOST: LOOPBACK,
      GATEWAY_PORT: String(PORT),
      MINISTACK_ACCOUNT_ID: '123456789012',
      MINISTACK_REGION: region,
      AUTH: 'true', // each function has its role's rights and no others
      NODE_EXTRA_CA_CERTS: caFile,
    },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const url = `http://${LOOPBACK}:${PORT}`
  for (const endsAt = performance.now() + START_MS; performance.now() < endsAt && child.exitCode === null; ) {
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined)
    if (answer?.ok)
      return { url, hostOf: (apiId) => `${apiId}.execute-api.localhost:${PORT}`, stop: () => child.kill() }
    await sleep(PERIOD_MS)
  }
  child.kill()
  throw new Error(`The AWS emulator does not start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
}
