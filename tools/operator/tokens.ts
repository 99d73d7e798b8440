/** `npm run tokens`: what the tokens table of a stage holds, and lifting of a block. Never shows a token. */

import { BLOCKS_LIST } from '../../lib/circuit-breaker/state-items.ts'
import { dynamoTable } from '../../lib/table/dynamodb.ts'
import type { Item, Table } from '../../lib/table/table.ts'
import { listedTokens } from '../../lib/token-cache/due-tokens.ts'
import { REFRESHED_VENDORS } from '../../lib/vendors/registry.ts'
import { failureText } from '../local/next-step.ts'
import { enterStage } from '../local/stage-environment.ts'
import {
  optionsOf,
  parseCommandLine,
  STAGE_OPTIONS,
  type StageArguments,
  stageArguments,
  usageError,
} from './arguments.ts'
import type { Command } from './command.ts'
import { blocksInForce, tokenReport } from './tokens/report.ts'

const USAGE = 'npm run tokens -- [--stage <stage>] [--region <region>] [--unblock <system> <tenant>] [--json]'

const DEADLINE = { remainingMs: () => 10_000 }

export interface TokensArguments extends StageArguments {
  readonly unblock: { readonly system: string; readonly tenantSpaceId: string } | undefined
  readonly isJson: boolean | undefined
}

const OPTIONS = { ...STAGE_OPTIONS, unblock: { type: 'string' }, json: { type: 'boolean' } } as const

/** Throws UsageError for anything that it does not know. */
export const parseArguments = (args: readonly string[]): TokensArguments => {
  const line = { options: OPTIONS, allowPositionals: true, usage: USAGE }
  const { values, positionals } = parseCommandLine(args, line)
  const { unblock: system } = values
  const [tenantSpaceId, ...more] = positionals
  if (more.length > 0 || (system === undefined) !== (tenantSpaceId === undefined))
    throw usageError('--unblock: expected a system and a tenant, as this command shows them.', USAGE)
  const unblock = system && tenantSpaceId ? { system, tenantSpaceId } : undefined
  return { ...stageArguments(values, USAGE), unblock, isJson: values.json }
}

const all = async (table: Table, list: string): Promise<Item[]> => {
  const items: Item[] = []
  for await (const page of table.listed(list, Number.MAX_SAFE_INTEGER, DEADLINE)) items.push(...page)
  return items
}

const held = async (table: Table) => {
  const found = await Promise.all(
    REFRESHED_VENDORS.map(({ system }) =>
      listedTokens(table, { system, until: Number.MAX_SAFE_INTEGER }, DEADLINE),
    ),
  )
  return { tokens: found.flat(), blocks: await all(table, BLOCKS_LIST) }
}

/** The report as text, with commands for that stage. */
export const tokens = async (table: Table, now: Date, { stage, region }: StageArguments): Promise<string> =>
  tokenReport({ ...(await held(table)), options: optionsOf(stage, region) }, now)

/** The same for scripts: times in epoch milliseconds, blocks that are in force, and no key of an item. */
export const tokensAsJson = async (table: Table): Promise<string> => {
  const found = await held(table)
  const { tokens, blocks } = found
  return JSON.stringify(
    {
      tokens: tokens.map(({ system, tenantSpaceId, life, dueAt, leaseUntil, usedAt }) => ({
        ...{ system, tenantSpaceId, ...life, dueAt, leaseUntil, usedAt },
      })),
      blocks: blocksInForce({ tokens, blocks }).map(({ pk: _, ...block }) => block),
    },
    null,
    2,
  )
}

/**
 * Lifts the blocks of a tenant's credentials at a vendor: all of them, since only the newest secret is ever tried.
 * Returns how many. The vendor is asked once more, by
 * whichever sandbox forgets its own memory of the block first, within 30 s.
 */
export const unblock = async (
  table: Table,
  { system, tenantSpaceId }: NonNullable<TokensArguments['unblock']>,
): Promise<number> => {
  const blocks = (await all(table, BLOCKS_LIST)).filter(
    (item) => item['system'] === system && item['tenantSpaceId'] === tenantSpaceId,
  )
  for (const block of blocks) await table.remove(String(block['pk']), {}, DEADLINE)
  return blocks.length
}

const rights = (stage: string): string =>
  `dynamodb:Query on the index listed of cec-token-bridge-${stage}-tokens, and dynamodb:DeleteItem on it to lift a block`

const HELP = `Shows what the token store of a stage holds: ages, what is left, blocks and why. Never a token.
  --stage, --region             a deployed stage; without them the local one that runs
  --unblock <system> <tenant>   lift the block of an account that the vendor has opened again
  --json                        the same as JSON, for scripts`

export const tokensCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const args = parseArguments(line)
    try {
      const place = enterStage(args.stage, args.region)
      const table = dynamoTable({ table: `cec-token-bridge-${args.stage}-tokens` })
      if (args.unblock !== undefined) {
        const lifted = await lift(table, args.unblock)
        if (!args.isJson) say(lifted)
      }
      if (args.isJson) say(await tokensAsJson(table))
      else say(`Stage ${args.stage} (${place}):\n${await tokens(table, new Date(), args)}`)
    } catch (error) {
      throw new Error(failureText(error, args.stage, rights(args.stage)))
    }
  },
}

const lift = async (table: Table, named: NonNullable<TokensArguments['unblock']>): Promise<string> => {
  const { system, tenantSpaceId } = named
  if ((await unblock(table, named)) === 0)
    throw new Error(`There is no block of ${system} for ${tenantSpaceId}. Nothing was done.`)
  return `Lifted: the block of ${system} for ${tenantSpaceId}. The vendor is asked once more with the next request, within 30 s.\n`
}
