/** What a release is made of: the files of one commit, whatever else the folder holds. */

import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { run } from '../program.ts'

const git = (root: string, ...args: readonly string[]): string => {
  try {
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stderr = (error as Error).message } = error as { stderr?: string }
    throw new Error(`A release is made in a clone of the repository. git says: ${stderr.trim()}`)
  }
}

/** The commit that is checked out. Throws one sentence when files differ from it. */
export const cleanCommit = (root: string): string => {
  const changed = git(root, 'status', '--porcelain').split('\n').filter(Boolean)
  if (changed.length > 0)
    throw new Error(
      `A release holds what a commit holds, and ${changed.length} files differ from it (git status): commit them, or put them aside.`,
    )
  return git(root, 'rev-parse', 'HEAD').trim()
}

/** Whether the commit bears the version's tag, such as `v1.2.3`. Without it, what is made is no release that others may count on. */
export const isTagged = (root: string, version: string): boolean =>
  git(root, 'tag', '--points-at', 'HEAD').split('\n').includes(`v${version}`)

/** Writes the commit's files into a folder, which is made. */
export const exportCommit = (root: string, commit: string, folder: string): void => {
  mkdirSync(folder, { recursive: true })
  const archive = `${folder}.tar`
  git(root, 'archive', '--format=tar', `--output=${archive}`, commit)
  execFileSync('tar', ['-xf', archive, '-C', folder])
}

/** Of a person's shell, what decides where npm finds packages. What is in them the lockfile's digests decide. */
const OF_NPM =
  /^(PATH|HOME|TMPDIR|npm_config_(cache|registry|userconfig)|(https?|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i

/**
 * Installs what package-lock.json names into the exported commit: npm holds each package against its digest there, also one of its
 * cache. What lies in the clone's own node_modules may have been edited. Throws ProgramError with what npm says.
 */
export const installPackages = async (
  project: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const args = ['ci', '--prefer-offline', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => OF_NPM.test(name)))
  await run('npm', args, { cwd: project, env: kept })
}
