/** Two releases of the commit that is checked out, each made in a clone of its own, once for the whole suite. */

import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { run } from '../../tools/program.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folders of the two releases. Only the first is signed. */
    releases: readonly [string, string]
    /** A file with what its signature is checked by. */
    publicKey: string
    /** A file with what signs it. */
    signingKeyFile: string
  }
}

export default async ({ provide }: TestProject): Promise<() => void> => {
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  writeFileSync(join(folder, 'key.pem'), privateKey, { mode: 0o600 })
  writeFileSync(join(folder, 'key.pub'), publicKey)
  mkdirSync(join(folder, 'another'))
  const cache = (await run('npm', ['config', 'get', 'cache'], { cwd: folder, env: process.env })).trim()
  // What a machine may have otherwise: folders, mask, time zone, language, home. Each installs the packages for itself.
  const made = await Promise.all([
    release(join(folder, 'a'), ['--key', join(folder, 'key.pem')], {
      umask: '022',
      env: { TZ: 'UTC', LANG: 'C' },
    }),
    release(join(folder, 'another', 'and deeper'), [], {
      umask: '077',
      env: {
        TZ: 'Asia/Shanghai',
        LANG: 'zh_CN.UTF-8',
        LC_ALL: 'zh_CN.UTF-8',
        HOME: folder,
        TMPDIR: join(folder, 'another'),
        npm_config_cache: cache,
      },
    }),
  ])
  provide('releases', made)
  provide('publicKey', join(folder, 'key.pub'))
  provide('signingKeyFile', join(folder, 'key.pem'))
  return () => rmSync(folder, { recursive: true, force: true })
}

interface Machine {
  readonly umask: string
  readonly env: Readonly<Record<string, string>>
}

/** Node alone, and of the framework a folder, for which the npm scripts look. So a release takes no package of its clone. */
const installNode = (clone: string): void => {
  const [from, to] = [PROJECT_ROOT, clone].map((root) => join(root, 'node_modules')) as [string, string]
  mkdirSync(join(to, 'serverless'), { recursive: true })
  for (const name of readdirSync(from).filter((name) => /^(\.bin|node-.*)$/.test(name)))
    symlinkSync(join(from, name), join(to, name))
}

/** Runs `npm run release` in a new clone, and returns the release's folder. */
const release = async (clone: string, args: readonly string[], { umask, env }: Machine): Promise<string> => {
  await run('git', ['clone', '--quiet', PROJECT_ROOT, clone], { cwd: tmpdir(), env: process.env })
  installNode(clone)
  appendFileSync(join(clone, '.git/info/exclude'), 'node_modules\n')
  const to = join(clone, 'release', 'made')
  const child = spawn(
    'sh',
    ['-c', `umask ${umask} && exec npm run --silent release -- "$@"`, 'sh', '--to', to, ...args],
    { cwd: clone, env: { ...process.env, INIT_CWD: clone, ...env }, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`npm run release in ${clone} ended with exit code ${code}`)
  return to
}
