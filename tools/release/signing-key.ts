/** The key that signs a release. */

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'

const EXPECTED = 'expected a private key in PEM, of ECDSA on P-256 or of Ed25519, without a passphrase'

/** Throws one sentence that says what was expected, and nothing of the file. */
export const readSigningKey = (file: string): KeyObject => {
  const key = parse(read(file))
  const { namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519' || namedCurve === 'prime256v1') return key
  throw new Error(`--key: ${EXPECTED}.`)
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`--key: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

const parse = (pem: string): KeyObject => {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Error(
      `--key: ${EXPECTED}. This makes one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out release.pem`,
    )
  }
}
