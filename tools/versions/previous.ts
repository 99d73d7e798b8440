/** The release before this one: the last tag below this commit, and until there is one a commit that stands in for it. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'

export interface Release {
  /** A tag, or a commit where there is none. */
  readonly name: string
  readonly commit: string
}

/** What a clone answers; undefined where it answers nothing. */
export type Git = (...args: readonly string[]) => string | undefined

/** A file of a contract is some 300 KB. */
const MOST_BYTES = 64 * 1024 * 1024

export const gitOf =
  (folder: string = PROJECT_ROOT): Git =>
  (...args) => {
    try {
      return execFileSync('git', args, {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: MOST_BYTES,
      }).trim()
    } catch {
      return undefined
    }
  }

/** As long as no release has a tag. */
const standIn = (): string =>
  (
    JSON.parse(readFileSync(join(import.meta.dirname, 'before-the-first-tag.json'), 'utf8')) as {
      commit: string
    }
  ).commit

/** Of a release, at this commit or below it. */
export const lastTag = (git: Git, commit: string): string | undefined =>
  git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', commit)

/**
 * `from` names another one, by tag or commit. A tag at this very commit is this release's own. Throws one sentence where the clone does
 * not have the commit, as a shallow one has not.
 */
export const previousRelease = (from?: string, git: Git = gitOf()): Release => {
  const name = from ?? lastTag(git, 'HEAD^') ?? standIn()
  const commit = git('rev-parse', '--verify', '--quiet', `${name}^{commit}`)
  if (commit !== undefined) return { name, commit }
  throw new Error(
    from === undefined
      ? `This clone does not have the previous release (${name}). Fetch its history and tags first: git fetch --unshallow --tags`
      : `--from: this clone has no commit or tag ${JSON.stringify(from)}.`,
  )
}
