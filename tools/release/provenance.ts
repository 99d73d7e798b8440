/** What a release was made of, by whom: an in-toto Statement with SLSA's provenance, and its signature. */

import { type KeyObject, sign } from 'node:crypto'
import type { FileDigest } from './digests.ts'

export interface Made {
  readonly name: string
  readonly version: string
  readonly commit: string
  /** `repository.url` of package.json, where it has one. */
  readonly repository: string | undefined
  /** SHA-256 of package-lock.json. */
  readonly lockfile: string
  /** Such as `v24.21.0`. */
  readonly node: string
  /** A URI: who says all this, and answers for it. */
  readonly builder: string
  readonly files: readonly FileDigest[]
}

/** docs/releases.md describes it. */
const BUILD_TYPE = 'urn:cec-token-bridge:build:npm-run-release:v1'
/** A person's own machine, where nobody else vouches for what ran. */
export const UNATTESTED_BUILDER = 'urn:cec-token-bridge:builder:unattested'

/** Without times and numbers of runs: the same commit gives the same statement. */
export const statement = ({ name, version, lockfile, node, builder, files, ...source }: Made): object => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: files.map((file) => ({ name: file.name, digest: { sha256: file.sha256 } })),
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { commit: source.commit, version },
      resolvedDependencies: [
        { name, ...placeOf(source), digest: { gitCommit: source.commit } },
        { name: 'package-lock.json', digest: { sha256: lockfile } },
        { name: 'node', uri: `pkg:generic/node@${node.replace(/^v/, '')}` },
      ],
    },
    runDetails: { builder: { id: builder } },
  },
})

/** Of the commit, as SLSA writes it. Nothing where package.json does not say it: a guess would name what is another's. */
const placeOf = ({ repository, commit }: Pick<Made, 'repository' | 'commit'>): { readonly uri?: string } => {
  if (repository === undefined) return {}
  if (!/^git\+https:\/\/[^\s@?#]+$/.test(repository))
    throw new Error('package.json: repository.url: expected git+https://, a host and a path')
  return { uri: `${repository}@${commit}` }
}

const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** The text in a signed envelope (DSSE). The key is one of ECDSA on P-256, or of Ed25519. */
export const envelope = (text: string, key: KeyObject): object => {
  const payload = Buffer.from(text)
  // DSSE's "pre-authentication encoding": what is signed says its own type.
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ])
  const sig = sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key)
  return {
    payloadType: PAYLOAD_TYPE,
    payload: payload.toString('base64'),
    signatures: [{ sig: sig.toString('base64') }],
  }
}
