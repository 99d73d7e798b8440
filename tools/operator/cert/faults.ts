/** What is wrong with a chain, and what to do about it. */

import type { X509Certificate } from 'node:crypto'
import type { Chain } from './chain.ts'

const DAY_MS = 24 * 3_600_000
/** To hand a new one over takes weeks between companies. */
const SOON_DAYS = 30

/** What to do where this machine does not trust the server, by Node's word for the reason. */
const TRUST: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'A certificate of it has ended, and must be renewed.',
  CERT_NOT_YET_VALID: 'A certificate of it is not good yet: compare the clock of this machine.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate does not have the host name that was asked for. Give the address that CEC is given, or name the host with --server-name.',
}

/** Of a root that is not known, and the like. */
const NAME_THE_ROOT = 'With a private root, name it: --ca <file>.'

/** Undefined where this machine trusts the server. */
export const trustText = ({ fault }: Chain): string | undefined => {
  if (fault === undefined) return undefined
  const todo = Object.hasOwn(TRUST, fault) ? TRUST[fault] : NAME_THE_ROOT
  return `This machine does not trust the server (${fault}). ${todo}`
}

/** Why somebody must do something, each as a sentence. */
export const faultsOf = ({ leaf, intermediates, root }: Chain): readonly string[] => {
  const all = [leaf, ...intermediates, ...(root === undefined ? [] : [root])]
  return [
    ...(root === undefined && leaf.subject !== leaf.issuer
      ? ['The root of this chain is not known here. Ask for it, and name it with --ca.']
      : []),
    ...all.flatMap((one) => endText(one) ?? []),
  ]
}

const endText = ({ subject, validTo }: X509Certificate): string | undefined => {
  const endsAt = new Date(validTo)
  const name = subject.replaceAll('\n', ', ')
  const day = endsAt.toISOString().slice(0, 10)
  const left = endsAt.getTime() - Date.now()
  if (left <= 0) return `${name} ended on ${day}. Have it renewed.`
  return left < SOON_DAYS * DAY_MS ? `${name} ends soon, on ${day}.` : undefined
}
