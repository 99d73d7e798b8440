/** Where secrets come from. The one small interface that everything but `aws.ts` knows. */

/** The staging labels that Secrets Manager gives versions. Always named: the default is not for us to rely on. */
export type SecretStage = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS'

export interface SecretVersion {
  readonly versionId: string
  readonly value: string
}

/** Why a read failed, in the only distinctions that matter to what follows. */
export type SecretFailure =
  /** Network, 5xx or throttling: the secret is very likely as it was. */
  | 'transient'
  /** Denied, absent, marked for deletion, or not understood. */
  | 'final'
  /** The secret is there, and nothing was ever written into it. As final as the others, but for `readOrInitial`. */
  | 'unset'
  /** KMS does not decrypt it: no right on its key, or a key that is disabled or gone. As final as the others. */
  | 'kms'

/** A failed read or write. `reason` is the service's own name for it, `failure` what may be done about it. */
export class SecretSourceError extends Error {
  override readonly name = 'SecretSourceError'
  readonly failure: SecretFailure
  readonly reason: string

  constructor(failure: SecretFailure, reason: string, options?: ErrorOptions) {
    super(`${reason} (${failure})`, options)
    this.failure = failure
    this.reason = reason
  }
}

export interface SecretSource {
  /** Reads one version by name and stage. Throws SecretSourceError. Ends by itself within a few seconds. */
  readonly read: (name: string, stage: SecretStage) => Promise<SecretVersion>
}

/** What rotation needs beyond reading. Only the rotation function's role allows it. */
export interface SecretVault extends SecretSource {
  /** The stages of every version that has any, by version id. */
  readonly stages: (name: string) => Promise<ReadonlyMap<string, readonly string[]>>
  readonly put: (name: string, version: SecretVersion, stage: SecretStage) => Promise<void>
  /** Moves AWSCURRENT to `versionId` from the version that has it. */
  readonly makeCurrent: (name: string, versionId: string, fromVersionId: string | undefined) => Promise<void>
}

export interface ListedSecret {
  readonly name: string
  /** Epoch milliseconds of its last change, its making included. */
  readonly changedAt: number
}

export interface ListedPage {
  readonly secrets: readonly ListedSecret[]
  /** The service's own mark of the page that comes next; absent of the last one. */
  readonly next: string | undefined
}

/**
 * The secrets whose names begin like this, page by page; none that is marked for deletion. `from`: the mark of the page to begin with,
 * default the first. Throws SecretSourceError.
 */
export type SecretList = (namePrefix: string, from?: string) => AsyncIterable<ListedPage>
