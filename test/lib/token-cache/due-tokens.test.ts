import { beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../lib/table/table.ts'
import { type DueToken, dropToken, isEndangered, listedTokens } from '../../../lib/token-cache/due-tokens.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const DUE_AT = Date.parse('2026-09-21T12:00:00Z')
const LIFE_MS = 3_600_000
const HARD_LIMIT_LEFT_MS = 30_000
/** Until when a token that was issued at DUE_AT may be used. */
const END = DUE_AT + LIFE_MS - HARD_LIMIT_LEFT_MS
const USED_AT = DUE_AT - LIFE_MS
const deadline = { remainingMs: () => 5_000 }
const LISTED: Item = {
  ...{ system: 'cec', tenantSpaceId: 't1', listedIn: 'cec', listedAt: DUE_AT, generation: 3 },
  ...{ issuedAt: DUE_AT, expiresAt: DUE_AT + LIFE_MS, usedAt: USED_AT, sealed: 'sealed' },
}

let table: MemoryTable
beforeEach(() => {
  table = memoryTable()
})
const put = (pk: string, set: Item) => table.change(pk, { set }, deadline)
const listed = (until = DUE_AT) => listedTokens(table, { system: 'cec', until }, deadline)
const only = async (): Promise<DueToken> => {
  const [due, ...others] = await listed()
  if (due === undefined || others.length > 0) throw new Error('expected one due token')
  return due
}

describe('lib/token-cache/due-tokens', () => {
  it('is what the list shows of a token, and no token', async () => {
    await put('pk', LISTED)
    const due = await only()
    expect(due).toMatchObject({
      system: 'cec',
      tenantSpaceId: 't1',
      dueAt: DUE_AT,
      usedAt: USED_AT,
      life: { issuedAt: DUE_AT, expiresAt: DUE_AT + LIFE_MS },
      state: { pk: 'pk', generation: 3 },
    })
    expect(JSON.stringify(due)).not.toContain('sealed')
  })

  it('is due from its moment on, the most urgent first, and of the system asked for', async () => {
    await put('later', { ...LISTED, tenantSpaceId: 'later' })
    await put('sooner', { ...LISTED, tenantSpaceId: 'sooner', listedAt: DUE_AT - 1 })
    await put('other', { ...LISTED, tenantSpaceId: 'other', listedIn: 'oiap' })
    expect((await listed()).map(({ tenantSpaceId }) => tenantSpaceId)).toEqual(['sooner', 'later'])
    expect((await listed(DUE_AT - 1)).map(({ tenantSpaceId }) => tenantSpaceId)).toEqual(['sooner'])
  })

  it.each([
    ['with two minutes and less left', END - 119_999, DUE_AT],
    ['at its end', END, DUE_AT],
    ['for as long as it is dead', END + 7 * 24 * 3_600_000, DUE_AT],
    ['also where a failure has listed it anew, before its end', END - 60_000, END - 60_001],
    ['and after it', END + 120_000, END + 119_999],
    ['also one that came due at its end, a minute and more after', END + 60_001, END],
  ])('is endangered %s, whoever tries', async (_, at, listedAt) => {
    await put('pk', { ...LISTED, listedAt })
    const [due] = await listed(listedAt)
    expect(due && [true, false].map((hasFailed) => isEndangered(due, at, { hasFailed }))).toEqual([
      true,
      true,
    ])
  })

  it('is not endangered with more than two minutes left', async () => {
    await put('pk', LISTED)
    expect(isEndangered(await only(), END - 120_000, { hasFailed: true })).toBe(false)
  })

  it('that came due at its end is not yet endangered while somebody else is at it, and is by a failure', async () => {
    await put('pk', { ...LISTED, listedAt: END })
    const [due] = await listed(END)
    expect(due && [true, false].map((hasFailed) => isEndangered(due, END + 60_000, { hasFailed }))).toEqual([
      true,
      false,
    ])
  })

  it('has no life while none was ever stored, or where somebody has written another type', async () => {
    await put('pk', { system: 'cec', tenantSpaceId: 't1', listedIn: 'cec', listedAt: DUE_AT })
    const due = await only()
    expect(due).toMatchObject({ life: undefined, usedAt: Number.NEGATIVE_INFINITY })
    expect(isEndangered(due, END, { hasFailed: true })).toBe(false)
    await put('pk', { ...LISTED, expiresAt: 'soon' })
    expect((await only()).life).toBeUndefined()
  })
})

describe('lib/token-cache/due-tokens: dropToken', () => {
  it('takes it off the list alone, and the token goes on to serve', async () => {
    await put('pk', LISTED)
    expect(await dropToken(table)(await only(), 'list', deadline)).toBe(true)
    const { listedIn, ...rest } = LISTED
    expect(table.dump()).toEqual([{ pk: 'pk', ...rest }])
    expect(listedIn).toBe('cec')
    expect(await listed()).toEqual([])
  })

  it('leaves it on the list where another token has been stored since', async () => {
    await put('pk', LISTED)
    const due = await only()
    await put('pk', { generation: 4 })
    expect(await dropToken(table)(due, 'list', deadline)).toBe(false)
    expect(await listed()).toHaveLength(1)
  })

  it('takes its item out of the table', async () => {
    await put('pk', LISTED)
    expect(await dropToken(table)(await only(), 'table', deadline)).toBe(true)
    expect(table.dump()).toEqual([])
  })
})
