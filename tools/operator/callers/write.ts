/** Entries of callers and issuers into a stage: into its table where it has moved there, else into its secret. */

import { issuerItemKey } from '../../../lib/callers/items.ts'
import { checkItemSizes, itemsOf, type JudgedLists, judged, Lists } from './lists.ts'
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
    const text = await stage.readItem(issuerItemKey(issuer))
    const { issuers: found } = text === undefined ? NOTHING : entriesIn(text)
    kept.push(...found.filter(({ entry }) => !issuers.some((own) => own.entry.callerId === entry.callerId)))
  }
  const all = [...kept, ...issuers]
  const [fault] = judged({ ...NO_ENTRIES, issuers: all.map(({ asWritten }) => asWritten) }).faults
  if (fault !== undefined)
    throw new Error(
      `Beside the entries that the table has of this issuer: ${fault.field}: ${fault.expected}. Nothing was written.`,
    )
  return { callers, issuers: all }
}

const NO_ENTRIES: Lists = { callers: [], issuers: [], table: false }
const NOTHING = judged(NO_ENTRIES)

/** What an item holds that is good; nothing where it cannot be read. */
export const entriesIn = (text: string): JudgedLists => {
  try {
    return judged(Lists.parse(JSON.parse(text)))
  } catch {
    return NOTHING
  }
}

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
