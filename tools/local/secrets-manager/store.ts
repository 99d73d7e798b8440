/** All secrets of the emulator, found by name, full ARN, or ARN without its random suffix. */
import { randomInt } from 'node:crypto'
import { KEY_FAULTS, type KeyFault, markedForDeletion, notFound } from './errors.ts'
import type { Secret } from './secret.ts'

const ACCOUNT = '000000000000'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const COMPLETE_ARN = /-[A-Za-z0-9]{6}$/

export class SecretStore {
  readonly #secrets = new Map<string, Secret>()
  readonly #arnPrefix: string
  readonly #now: () => Date
  readonly #keyFaults = new Map<string, KeyFault>()
  #sequence = 0

  constructor(region: string, now: () => Date) {
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:`
    this.#now = now
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now().getTime()
  }

  newArn(name: string): string {
    const suffix = Array.from({ length: 6 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')
    return `${this.#arnPrefix}${name}-${suffix}`
  }

  create(name: string, details: Pick<Secret, 'description' | 'kmsKeyId' | 'tags'>): Secret {
    const now = this.now()
    this.#sequence += 1
    const secret: Secret = {
      ...details,
      arn: this.newArn(name),
      name,
      sequence: this.#sequence,
      createdAt: now,
      changedAt: now,
      versions: new Map(),
    }
    this.#secrets.set(name, secret)
    return secret
  }

  /** Also finds secrets that are marked for deletion. */
  find(secretId: string): Secret | undefined {
    this.#removeExpired()
    if (!secretId.startsWith('arn:')) return this.#secrets.get(secretId)
    // AWS takes an ARN that ends like a complete one for complete, so a partial ARN of a secret whose name
    // ends in a hyphen and six characters finds nothing; the same trap is wanted here.
    if (COMPLETE_ARN.test(secretId)) return this.all().find((secret) => secret.arn === secretId)
    if (!secretId.startsWith(this.#arnPrefix)) return undefined
    return this.#secrets.get(secretId.slice(this.#arnPrefix.length))
  }

  /** Throws ResourceNotFoundException. */
  get(secretId: string): Secret {
    const secret = this.find(secretId)
    if (secret === undefined) throw notFound()
    return secret
  }

  /** As `get`, and throws InvalidRequestException when the secret is marked for deletion. */
  getUsable(secretId: string): Secret {
    const secret = this.get(secretId)
    if (secret.deletion !== undefined) throw markedForDeletion()
    return secret
  }

  /** What is wrong with a KMS key; undefined for nothing. */
  setKeyFault(keyId: string, fault: KeyFault | undefined): void {
    if (fault === undefined) this.#keyFaults.delete(keyId)
    else this.#keyFaults.set(keyId, fault)
  }

  /** As `getUsable`, and throws what AWS says where the secret's KMS key is of no use. */
  getReadable(secretId: string): Secret {
    const secret = this.getUsable(secretId)
    const { kmsKeyId } = secret
    const fault = kmsKeyId === undefined ? undefined : this.#keyFaults.get(kmsKeyId)
    if (kmsKeyId !== undefined && fault !== undefined) throw KEY_FAULTS[fault](kmsKeyId)
    return secret
  }

  all(): Secret[] {
    this.#removeExpired()
    return [...this.#secrets.values()]
  }

  remove(secret: Secret): void {
    this.#secrets.delete(secret.name)
  }

  #removeExpired(): void {
    const now = this.now()
    for (const secret of this.#secrets.values()) {
      if (secret.deletion !== undefined && secret.deletion.endsAt <= now) this.remove(secret)
    }
  }
}
