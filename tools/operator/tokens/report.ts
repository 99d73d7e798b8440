/** What the tokens table holds, for people: a line for each token and for each block, and never a token. */

import type { Item } from '../../../lib/table/table.ts'
import type { DueToken } from '../../../lib/token-cache/due-tokens.ts'

export interface TokenReport {
  readonly tokens: readonly DueToken[]
  readonly blocks: readonly Item[]
  /** What leads the same command to the same stage again, with a blank behind it. */
  readonly options: string
}

const NONE = '–'

/** A span such as `3 s`, `12 min`, `2 h 5 min` or `3 d 1 h`; never below zero. */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [minutes, hours, days] = [
    Math.floor(seconds / 60),
    Math.floor(seconds / 3600),
    Math.floor(seconds / 86_400),
  ]
  if (days > 0) return `${days} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const since = (value: unknown, at: number): string =>
  number(value) === undefined ? NONE : span(at - Number(value))
const until = (value: unknown, at: number, over = 'now'): string => {
  const time = number(value)
  if (time === undefined) return NONE
  return time <= at ? over : `in ${span(time - at)}`
}

/** A block's reason, as the vendor's status and code or our own class of it. */
const reason = ({ failure, upstreamStatus, upstreamCode }: Item): string =>
  [
    String(failure ?? NONE),
    ...(upstreamStatus === undefined ? [] : [`status ${upstreamStatus}`]),
    ...(upstreamCode === undefined ? [] : [`code ${upstreamCode}`]),
  ].join(', ')

const left = ({ life }: DueToken, at: number): string => {
  if (life === undefined) return 'none yet'
  return life.expiresAt <= at ? 'expired' : span(life.expiresAt - at)
}

const tokenRow = (token: DueToken, at: number): readonly string[] => [
  token.system,
  token.tenantSpaceId,
  since(token.life?.issuedAt, at),
  left(token, at),
  until(token.dueAt, at),
  token.leaseUntil > at ? 'being fetched' : '',
  Number.isFinite(token.usedAt) ? `${since(token.usedAt, at)} ago` : NONE,
]

const blockRow = (item: Item, at: number): readonly string[] => [
  String(item['system']),
  String(item['tenantSpaceId']),
  reason(item),
  since(item['since'], at),
  item['until'] === undefined
    ? 'until the secret changes or it is lifted'
    : until(item['until'], at, 'next call'),
]

/** Rows under their heads, each column as wide as its widest cell. */
export const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const TOKEN_HEADS = ['system', 'tenant', 'age', 'left', 'refreshed', 'state', 'last used']
const BLOCK_HEADS = ['system', 'tenant', 'refused', 'for', 'tried again']

/**
 * The blocks that may keep a vendor from being called. A block is of one secret, and a tenant has one for each vendor: of several blocks
 * only the newest can be of the present one, and none when a token was fetched since.
 */
export const blocksInForce = ({
  tokens,
  blocks,
}: Pick<TokenReport, 'tokens' | 'blocks'>): readonly Item[] => {
  const since = (item: Item): number => number(item['since']) ?? 0
  const isOfSame = (one: Item, other: Item): boolean =>
    one['system'] === other['system'] && one['tenantSpaceId'] === other['tenantSpaceId']
  return blocks.filter(
    (block) =>
      !blocks.some((other) => isOfSame(block, other) && since(other) > since(block)) &&
      !tokens.some(
        ({ system, tenantSpaceId, life }) =>
          isOfSame(block, { system, tenantSpaceId }) && (life?.issuedAt ?? 0) > since(block),
      ),
  )
}

/** The whole report. A token that nobody wants kept fresh any more is not on the schedule's list, and not here. */
export const tokenReport = ({ tokens, blocks, options }: TokenReport, now: Date): string => {
  const at = now.getTime()
  const tokenLines =
    tokens.length === 0
      ? 'No tokens: none was asked for yet, or the schedule has not run.'
      : aligned([TOKEN_HEADS, ...tokens.map((item) => tokenRow(item, at))])
  const inForce = blocksInForce({ tokens, blocks })
  return [tokenLines, blockText(inForce, options, at), ...replacedText(blocks.length - inForce.length)].join(
    '\n\n',
  )
}

const blockText = (blocks: readonly Item[], options: string, at: number): string => {
  if (blocks.length === 0) return 'No blocks: no vendor refuses credentials.'
  const table = aligned([BLOCK_HEADS, ...blocks.map((item) => blockRow(item, at))])
  const lines = blocks.map(
    ({ system, tenantSpaceId }) => `npm run tokens -- ${options}--unblock ${system} ${tenantSpaceId}`,
  )
  return `Blocks, which keep refused credentials from being tried again:\n${table}\nCorrect the secret and the block is void. To lift one by hand:\n${lines.join('\n')}`
}

const replacedText = (blocks: number): string[] =>
  blocks === 0 ? [] : [`Blocks of secrets that were replaced, which keep nobody from anything: ${blocks}.`]
