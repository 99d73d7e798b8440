/** Entries of callers and issuers into a stage: into its table where it has moved there, else into its secret. */

import { issuerItemKey, shownKey } from '../../../lib/callers/items.ts'
import { checkItemSizes, itemsOf, type JudgedLists, judged, type Lists, listsIn } from './lists.ts'
import type { CallersStage, HeldLists } from './stage.ts'

type Good = Pick<JudgedLists, 'callers' | 'issuers'>

/** Writes an item for each key and each issuer. What is there already is written over: a run that broke off can be repeated. */
export const putItems = async (stage: CallersStage, good: Good): Promise<number> => {
  const items = itemsOf(await withOthers(stage, good))
  checkItemSizes(items)
  await stage.putItems(items)
  return items.size
}

/** An issuer's item holds all its entries: those that it has already under other callerIds stay. */
const withOthers = async (stage: CallersStage, { callers, issuers }: Good): Promise<Good> => {
  const names = new Set(issuers.map(({ entry }) => entry.issuer))
  const kept: Good['issuers'][number][] = []
  for (const issuer of names) {
    const found = await goodEntries(stage, issuerItemKey(issuer))
    kept.push(...found.filter(({ entry }) => !issuers.some((own) => own.entry.callerId === entry.callerId)))
  }
  const all = [...kept, ...issuers]
  const [fault] = judged({ callers: [], issuers: all.map(({ asWritten }) => asWritten), table: false }).faults
  if (fault !== undefined)
    throw new Error(
      `Beside the entries that the table has of this issuer: ${fault.field}: ${fault.expected}. Nothing was written.`,
    )
  return { callers, issuers: all }
}

/** A wrong entry is not written over in silence: a back end that it means to list would pass for a user afterwards. */
const goodEntries = async (stage: CallersStage, pk: string): Promise<Good['issuers']> => {
  const text = await stage.readItem(pk)
  const lists = text === undefined ? undefined : listsIn(text)
  const { issuers, faults } = judged(lists ?? NO_ENTRIES)
  if ((text === undefined || lists !== undefined) && faults.length === 0) return issuers
  throw new Error(
    `The table's item ${shownKey(pk)} of this issuer has an entry that no function takes. Nothing was written. ` +
      `Take the item out, and put all its entries again: npm run callers -- revoke ${shownKey(pk)} ${stage.options}`.trimEnd(),
  )
}

const NO_ENTRIES: Lists = { callers: [], issuers: [], table: false }

/** Adds one caller: to the table or to the secret, whichever the stage uses. Returns when it counts, for people. */
export const addCaller = async (
  stage: CallersStage,
  held: HeldLists,
  caller: JudgedLists['callers'][number],
): Promise<string> => {
  if (held.lists.table) {
    await putItems(stage, { callers: [caller], issuers: [] })
    return 'It is in the callers table, and counts within a second.'
  }
  await stage.replaceSecret({ ...held.lists, callers: [...held.lists.callers, caller] }, held)
  return 'It is in the secret "callers", and counts within five minutes.'
}
