/** Secrets that nothing was ever written into: deployment makes them without a value, so that it can never write over one. */

import { type SecretSource, SecretSourceError, type SecretStage, type SecretVersion } from './source.ts'

export interface VersionWanted {
  readonly stage: SecretStage
  /** What counts while nothing was ever written. Undefined: reading fails then. */
  readonly initial: string | undefined
}

/** Of what counts while there is no version. */
export const NO_VERSION = ''

/**
 * Reads one version of a secret. Where nothing was ever written into it, this is the initial text, under a version id that no
 * version has. A secret that is absent, denied or marked for deletion is an error as ever. Throws SecretSourceError.
 */
export const readOrInitial = async (
  source: SecretSource,
  name: string,
  { stage, initial }: VersionWanted,
): Promise<SecretVersion> => {
  try {
    return await source.read(name, stage)
  } catch (error) {
    if (initial !== undefined && error instanceof SecretSourceError && error.failure === 'unset')
      return { versionId: NO_VERSION, value: initial }
    throw error
  }
}
