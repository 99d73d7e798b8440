/** `npm run contract`: what others hold on to, compared with the release whose contract is committed, and the version that this asks for. */

import { UsageError, usageError } from '../operator/arguments.ts'
import { type Change, compare, isAtLeast, leastVersion } from './contract/compare.ts'
import { readSnapshot, type Snapshot, versionNow, writeSnapshot } from './contract/snapshot.ts'
import { contractNow } from './contract/subjects.ts'
import { gitOf } from './previous.ts'

const USAGE = 'npm run contract [-- --write]'

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

/** Throws a sentence when the contract of a release that has a tag would be written over with another one. */
export const assertMayWrite = (
  committed: Snapshot,
  now: Snapshot,
  isReleased: (version: string) => boolean,
): void => {
  if (!isReleased(committed.version)) return
  const { changes, least, fits } = judge(committed, now)
  if (changes.length > 0 && !fits)
    throw new Error(
      `${committed.version} is released, and the changes since then ask for ${least}. Set "version" of package.json to it first.`,
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
  const [option, ...others] = line
  if (others.length > 0 || (option !== undefined && option !== '--write'))
    throw usageError(`${JSON.stringify(others[0] ?? option)} is not understood.`, USAGE)
  const now: Snapshot = { version: versionNow(), contract: contractNow() }
  const committed = readSnapshot()
  if (option === '--write') {
    assertMayWrite(
      committed,
      now,
      (version) => gitOf()('rev-parse', '--verify', '--quiet', `v${version}`) !== undefined,
    )
    writeSnapshot(now)
    console.log(`docs/contract/ is that of ${now.version} now.`)
    return 0
  }
  const judged = judge(committed, now)
  console.log(judgedText(judged, committed.version, now.version))
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
