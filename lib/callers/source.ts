/** Where callers are looked up: in the secret `callers` first, and in the callers table where the secret says so. */

import { timingSafeEqual } from 'node:crypto'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Entry } from '../schemas/listed-entries.ts'
import { type Caller, ListedCallers, leftOut, type TakenCallers, takenOf } from '../schemas/taken-callers.ts'
import { CALLERS } from '../secrets/definitions.ts'
import { parsed } from '../secrets/parsed.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { CallerItems } from './dynamodb.ts'
import { type CallerItem, issuerItemKey, itemKeysOf, keyItemKey, shownKey } from './items.ts'

export interface CallerSourceDeps {
  readonly secrets: SecretReader
  /** Asked only where the secret says `"table": true`. */
  readonly items: CallerItems
  readonly log: Log
}

/** An issuer's entries, and what entries that were left out say: none of it is a user's `sub`. */
export type IssuerEntries = Pick<TakenCallers, 'issuers' | 'leftOutTexts'>

/** Throws what reading the secret and the table throws: SECRET_…, CALLERS_UNAVAILABLE, DEADLINE_EXCEEDED. */
export interface CallerSource {
  /** The entry that holds a key of this SHA-256 (lower-case hex). What the secret lists is not looked up in the table. */
  readonly ofKey: (sha256: string, deadline: Deadline) => Promise<Caller | undefined>
  /**
   * The entries of an issuer: those of the secret and those of the table together, since what one entry says of back ends
   * counts for all. Where the table's item cannot be read as a whole, there are none.
   */
  readonly ofIssuer: (issuer: string, deadline: Deadline) => Promise<IssuerEntries>
}

/** Takes each entry of an item as one of the secret is taken: a wrong one is left out alone, and the log says so once. */
export const callerSource = ({ secrets, items, log }: CallerSourceDeps): CallerSource => {
  const judged = new WeakMap<CallerItem, { readonly beside: TakenCallers; readonly taken: Taken }>()

  const itemOf = async (pk: string, beside: TakenCallers, deadline: Deadline): Promise<Taken | undefined> => {
    const item = await items.read(pk, deadline)
    if (item === undefined) return undefined
    const known = judged.get(item)
    if (known?.beside === beside) return known.taken
    const taken = takenFrom(item, pk, beside)
    judged.set(item, { beside, taken })
    for (const { level, field, ...remark } of taken.remarks)
      log(level, { ...remark, field: `${shownKey(pk)}.${field}` })
    return taken
  }

  const listed = async (deadline: Deadline): Promise<TakenCallers> =>
    (await secrets.read(CALLERS, { deadline })).value

  return {
    ofKey: async (sha256, deadline) => {
      const secret = await listed(deadline)
      const found = holderOf(secret.callers, sha256)
      if (found !== undefined || !secret.table) return found
      const taken = await itemOf(keyItemKey(sha256), secret, deadline)
      return holderOf(taken?.callers ?? [], sha256)
    },

    ofIssuer: async (issuer, deadline) => {
      const secret = await listed(deadline)
      const isOf = (entry: { readonly issuer: string }): boolean => entry.issuer === issuer
      const own = secret.issuers.filter(isOf)
      const taken = secret.table ? await itemOf(issuerItemKey(issuer), secret, deadline) : undefined
      if (taken === undefined) return { issuers: own, leftOutTexts: secret.leftOutTexts }
      return {
        issuers: taken.isUnreadable ? [] : [...own, ...taken.issuers.filter(isOf)],
        leftOutTexts: [...secret.leftOutTexts, ...taken.leftOutTexts],
      }
    },
  }
}

interface Taken extends TakenCallers {
  /** Nobody knows whom it lists. */
  readonly isUnreadable: boolean
}

const NOTHING = { callers: [], issuers: [], table: false, leftOutTexts: [] }

const takenFrom = ({ text }: CallerItem, pk: string, beside: TakenCallers): Taken => {
  try {
    const lists = parsed(shownKey(pk), text, ListedCallers)
    const taken = takenOf(lists, [...beside.callers, ...beside.issuers])
    return { ...taken, remarks: [...taken.remarks, ...misplaced(taken, pk)], isUnreadable: false }
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error
    const { field = '(whole)', expected = 'expected JSON' } = error.detail
    return { ...NOTHING, remarks: [leftOut('entries', { field, expected })], isUnreadable: true }
  }
}

/** An entry in another's item is never found. */
const misplaced = ({ callers, issuers }: TakenCallers, pk: string) =>
  [...callers, ...issuers]
    .filter((entry: Entry) => !itemKeysOf(entry).includes(pk))
    .map(() => leftOut('entries', { field: '(whole)', expected: 'expected an entry of this key or issuer' }))

/** Compares with every key in constant time each, and goes on after a match: how long it takes tells nothing. */
const holderOf = (callers: readonly Caller[], sha256: string): Caller | undefined => {
  const digest = Buffer.from(sha256, 'hex')
  let found: Caller | undefined
  for (const caller of callers) {
    for (const key of caller.keys) {
      if (timingSafeEqual(Buffer.from(key.sha256, 'hex'), digest)) found = caller
    }
  }
  return found
}
