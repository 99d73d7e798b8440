/** The callers of a stage, for people. Shows no key and no hash of one but the first digits. */

import { aligned } from '../tokens/report.ts'
import { type Found, findCallers, type ListedCaller } from './find.ts'
import { grouped } from './lists.ts'
import type { CallersStage } from './stage.ts'

const HEADS = ['callerId', 'kind', 'listed in', 'tenants', 'ends']

/** A line for each caller and each issuer's entry, and one for each that no function takes. */
export const listing = async (stage: CallersStage, now: Date): Promise<string> => {
  const held = await stage.readSecret()
  const { listed, wrong } = await findCallers(stage, held)
  const isAsked = held.lists.table
  return [
    listed.length === 0 ? 'No callers.' : aligned([HEADS, ...listed.map((caller) => row(caller, now))]),
    isAsked
      ? 'The functions ask the secret, and the callers table for whoever is not listed there.'
      : `The functions ask the secret alone. For more callers: npm run callers -- move ${stage.options}`.trimEnd(),
    ...wrongText(wrong),
  ].join('\n\n')
}

/** The same for scripts. An item's key is shown as people are shown it. */
export const listingAsJson = async (stage: CallersStage): Promise<string> => {
  const held = await stage.readSecret()
  const { listed, wrong } = await findCallers(stage, held)
  const withoutKey = ({ pk: _, ...one }: ListedCaller | Found['wrong'][number]): object => one
  const lists = { callers: listed.map(withoutKey), wrong: wrong.map(withoutKey) }
  return JSON.stringify({ isTableAsked: held.lists.table, ...lists }, null, 2)
}

const row = (
  { callerId, kind, place, tenants, tenantPrefixes, endsAt }: ListedCaller,
  now: Date,
): string[] => [
  callerId,
  kind,
  place,
  [...shortened(tenants), ...tenantPrefixes.map((prefix) => `${prefix}…`)].join(', '),
  endsAt
    .map((at) => (at * 1000 <= now.getTime() ? 'has ended' : new Date(at * 1000).toISOString()))
    .join(', '),
]

const SHOWN = 3

const shortened = (tenants: readonly string[]): readonly string[] =>
  tenants.length <= SHOWN ? tenants : [`${grouped(tenants.length)} tenants`]

const wrongText = (wrong: Found['wrong']): string[] =>
  wrong.length === 0
    ? []
    : [
        `Entries that no function takes:\n${wrong.map(({ place, expected }) => `  ${place}: ${expected}`).join('\n')}`,
      ]
