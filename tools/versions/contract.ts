/** `npm run contract`: what others hold on to, compared with the last release, and the version that this asks for. */

import { UsageError, usageError } from '../operator/arguments.ts'
import { type Change, compare, isAtLeast, leastVersion } from './contract/compare.ts'
import {
  readSnapshot,
  releasedSnapshot,
  type Snapshot,
  versionNow,
  writeSnapshot,
} from './contract/snapshot.ts'
import { contractNow } from './contract/subjects.ts'

const USAGE = 'npm run contract [-- --write [--unreleased]]'

export interface Judged {
  readonly changes: readonly Change[]
  /** The least version that may have them. */
  readonly least: string
  /** Whether package.json says such a version; the same as the committed one's where nothing has changed. */
  readonly fits: boolean
}

export const judge = (committed: Snapshot, now: Snapshot): Judged => {
  const changes = compare(committed.contract, now.contract)
  const least = leastVersion(committed.version, changes)
  return { changes, least, fits: isAtLeast(now.version, least) }
}

export interface Bases {
  /** By its tag. Undefined where the clone has none. */
  readonly released: Snapshot | undefined
  readonly committed: Snapshot
}

/**
 * Throws a sentence when a contract would be written for a version that is too low for its changes since the last release. A clone without
 * tags does not know whether the committed contract is released: then it counts as released, unless somebody says otherwise.
 */
export const assertMayWrite = (
  { released, committed }: Bases,
  now: Snapshot,
  isUnreleased: boolean,
): void => {
  if (released === undefined && isUnreleased) return
  const { version } = released ?? committed
  const { least, fits } = judge(released ?? committed, now)
  if (fits) return
  throw new Error(
    `The changes since ${version} ask for ${least}. Set "version" of package.json to it first.${
      released === undefined
        ? ` This clone has no tag of a release: git fetch --tags gets them. Where ${version} is no release yet: npm run contract -- --write --unreleased.`
        : ''
    }`,
  )
}

export const judgedText = ({ changes, least, fits }: Judged, committed: string, now: string): string =>
  changes.length === 0
    ? `Nothing that others hold on to has changed since ${committed}.`
    : [
        ...changes.map(({ level, says }) => `${level}  ${says}`),
        `Since ${committed} that is ${changes.length} changes, which ask for ${least}. package.json says ${now}: ${fits ? 'it fits' : 'that is too little'}.`,
      ].join('\n')

const main = (line: readonly string[]): number => {
  const [option, more, ...others] = line
  const unknown = [[option, '--write'], [more, '--unreleased'], [others[0]]].find(
    ([given, known]) => given !== undefined && given !== known,
  )
  if (unknown !== undefined) throw usageError(`${JSON.stringify(unknown[0])} is not understood.`, USAGE)
  const now: Snapshot = { version: versionNow(), contract: contractNow() }
  const bases: Bases = { released: releasedSnapshot(), committed: readSnapshot() }
  if (option === '--write') {
    assertMayWrite(bases, now, more !== undefined)
    writeSnapshot(now)
    console.log(`docs/contract/ is that of ${now.version} now.`)
    return 0
  }
  const base = bases.released ?? bases.committed
  const judged = judge(base, now)
  console.log(judgedText(judged, base.version, now.version))
  return judged.fits ? 0 : 1
}

if (process.argv[1] === import.meta.filename) {
  try {
    process.exitCode = main(process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
