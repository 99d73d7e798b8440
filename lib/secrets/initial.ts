/** Secrets that nothing was ever written into: deployment makes them without a value, so that it can never write over one. */

import {
  type SecretSource,
  SecretSourceError,
  type SecretStage,
  type SecretVault,
  type SecretVersion,
} from './source.ts'

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

interface Replacement extends SecretVersion {
  /** The version id that was read. */
  readonly from: string
}

/**
 * Writes a version and puts it in the place of the one that was read, NO_VERSION included. Secrets Manager writes without a
 * condition, but moves a stage only from the version that is named: so the value is written beside the one in force first. Throws
 * SecretSourceError, with InvalidParameterException where another version has come into force since.
 */
export const putInPlaceOf = async (
  vault: SecretVault,
  name: string,
  { from, ...version }: Replacement,
): Promise<void> => {
  await vault.put(name, version, 'AWSPENDING')
  if (from !== NO_VERSION) return vault.makeCurrent(name, version.versionId, from)
  // The first value that is ever written may be in force at once.
  const inForce = await readOrInitial(vault, name, { stage: 'AWSCURRENT', initial: '' })
  if (inForce.versionId !== version.versionId) await vault.makeCurrent(name, version.versionId, undefined)
}
