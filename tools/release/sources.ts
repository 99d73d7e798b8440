/** What a release is made of: the files of one commit, whatever else the folder holds. */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

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

/** Throws one sentence when other packages are installed than the lockfile names: their code would be in the bundles. */
export const assertInstalled = (root: string): void => {
  const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
    existsSync(join(root, file)) ? lockedIn(join(root, file)) : {},
  )
  const others = Object.entries(installed ?? {}).filter(([path, digest]) => wanted?.[path] !== digest)
  if (Object.keys(installed ?? {}).length === 0 || others.length > 0)
    throw new Error('Other packages are installed than package-lock.json names. Run: npm ci')
}

/** By the package's folder, the digest of what was installed there. */
const lockedIn = (file: string): Readonly<Record<string, string | undefined>> => {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, { readonly integrity?: string }>
  }
  return Object.fromEntries(
    Object.entries(packages).flatMap(([path, { integrity }]) => (path === '' ? [] : [[path, integrity]])),
  )
}

/** Writes the commit's files into a folder, which is made, and leads it to the packages that are installed here. */
export const exportCommit = (root: string, commit: string, folder: string): void => {
  mkdirSync(folder, { recursive: true })
  const archive = `${folder}.tar`
  git(root, 'archive', '--format=tar', `--output=${archive}`, commit)
  execFileSync('tar', ['-xf', archive, '-C', folder])
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}
