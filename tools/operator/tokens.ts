/** `npm run tokens`: what the tokens table of a stage holds, and lifting of a block. Never shows a token. */

import { parseArgs } from 'node:util'
import { BLOCKS_LIST } from '../../lib/circuit-breaker/state-items.ts'
import { dynamoTable } from '../../lib/table/dynamodb.ts'
import type { Item, Table } from '../../lib/table/table.ts'
import { listedTokens } from '../../lib/token-cache/due-tokens.ts'
import { REFRESHED_VENDORS } from '../../lib/vendors/registry.ts'
import { LOCAL_STAGE } from '../local/constants.ts'
import { failureText } from '../local/next-step.ts'
import { enterStage } from '../local/stage-environment.ts'
import { tokenReport } from './tokens/report.ts'

export const USAGE =
  'Use: npm run tokens -- [--stage <stage>] [--region <region>] [--unblock <system> <tenant>]'

const DEADLINE = { remainingMs: () => 10_000 }

export interface TokensArguments {
  readonly stage: string
  readonly region: string | undefined
  readonly unblock: { readonly system: string; readonly tenantSpaceId: string } | undefined
}

/** Throws a sentence and the usage for anything that it does not know. */
export const parseArguments = (args: readonly string[]): TokensArguments => {
  const { values, positionals } = parsed(args)
  const { stage = LOCAL_STAGE, region, unblock } = values
  const [tenantSpaceId, ...more] = positionals
  if (more.length > 0 || (unblock === undefined) !== (tenantSpaceId === undefined)) {
    throw new Error(`--unblock: expected a system and a tenant, as this command shows them.\n${USAGE}`)
  }
  return {
    stage,
    region,
    unblock: unblock && tenantSpaceId ? { system: unblock, tenantSpaceId } : undefined,
  }
}

const parsed = (args: readonly string[]) => {
  const text = { type: 'string' } as const
  const options = { stage: text, region: text, unblock: text }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`)
  }
}

const all = async (table: Table, list: string): Promise<Item[]> => {
  const items: Item[] = []
  for await (const page of table.listed(list, Number.MAX_SAFE_INTEGER, DEADLINE)) items.push(...page)
  return items
}

/** The report as text. */
export const tokens = async (table: Table, now: Date): Promise<string> => {
  const found = await Promise.all(
    REFRESHED_VENDORS.map(({ system }) =>
      listedTokens(table, { system, until: Number.MAX_SAFE_INTEGER }, DEADLINE),
    ),
  )
  return tokenReport({ tokens: found.flat(), blocks: await all(table, BLOCKS_LIST) }, now)
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

const main = async (): Promise<void> => {
  const args = parseArguments(process.argv.slice(2))
  try {
    const place = enterStage(args.stage, args.region)
    const table = dynamoTable({ table: `cec-token-bridge-${args.stage}-tokens` })
    if (args.unblock !== undefined) {
      const lifted = await unblock(table, args.unblock)
      const { system, tenantSpaceId } = args.unblock
      if (lifted === 0)
        throw new Error(`There is no block of ${system} for ${tenantSpaceId}. Nothing was done.`)
      console.log(
        `Lifted: the block of ${system} for ${tenantSpaceId}. The vendor is asked once more with the next request, within 30 s.\n`,
      )
    }
    console.log(`Stage ${args.stage} (${place}):\n${await tokens(table, new Date())}`)
  } catch (error) {
    throw new Error(failureText(error, args.stage, rights(args.stage)))
  }
}

const rights = (stage: string): string =>
  `dynamodb:Query on the index listed of cec-token-bridge-${stage}-tokens, and dynamodb:DeleteItem on it to lift a block`

// Not import.meta.main: the oldest Node that the lockfile pins does not have it.
if (process.argv[1] === import.meta.filename) {
  main().catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
