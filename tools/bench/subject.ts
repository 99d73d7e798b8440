/** What is measured: a fixture, or a function of a release with its sample event, and how each is made ready. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { bundleFixture, type Packaged, type Release } from './packages.ts'

export interface Subject {
  /** As tables and charts have it. */
  readonly name: string
  /** A file of `fixtures/`, or a function of this project with its sample event. */
  readonly is: { readonly fixture: string } | { readonly event: string }
  /** The function whose settings and event it gets; a function gets its own. */
  readonly of: string
  readonly expectedStatus: number
  /** What the answer's body holds, where the status does not say that all went well. */
  readonly expectedText?: string
  /** Of another release: the name that its subject has in this one. */
  readonly before?: string
}

/** CEC's question is answered 200 also where a token is refused. */
export const VALID = '"retCode":0'

export interface Releases {
  readonly own: Release
  /** Measured in turn with the own one. Default none. */
  readonly other?: Release | undefined
}

/** Those of this release, and those functions of the other one that both have. */
export const subjectsOf = <S extends Subject>(subjects: readonly S[], { other }: Releases): readonly S[] => [
  ...subjects,
  ...subjects
    .filter(({ is, of }) => 'event' in is && other?.packaged(of) !== undefined)
    .map((subject) => ({ ...subject, name: `${subject.name}, before`, before: subject.name })),
]

/** A subject whose files lie in a folder of their own. */
export interface Ready {
  readonly folder: string
  readonly packaged: Packaged
  /** The sample event that it is asked with. */
  readonly eventName: string
}

export const makeReady = async (subject: Subject, releases: Releases, folder: string): Promise<Ready> => {
  const release = (subject.before === undefined ? undefined : releases.other) ?? releases.own
  const packaged = release.packaged(subject.of)
  if (packaged === undefined) throw new Error(`the template has no function ${subject.of}`)
  const own = join(folder, subject.name)
  mkdirSync(own)
  if ('event' in subject.is) {
    release.unpack(subject.of, own)
    return { folder: own, packaged, eventName: subject.is.event }
  }
  await bundleFixture(subject.is.fixture, own)
  return {
    folder: own,
    packaged: { ...packaged, handler: `${subject.is.fixture}.handler` },
    eventName: 'ok',
  }
}
