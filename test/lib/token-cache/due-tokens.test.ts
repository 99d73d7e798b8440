import { beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../lib/table/table.ts'
import { type DueToken, dropToken, listedTokens, usableUntil } from '../../../lib/token-cache/due-tokens.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const DUE_AT = Date.parse('2026-09-21T12:00:00Z')
const LIFE_MS = 3_600_000
const HARD_LIMIT_LEFT_MS = 30_000
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

  it('may be used until its hard limit', async () => {
    await put('pk', LISTED)
    expect(usableUntil(await only())).toBe(DUE_AT + LIFE_MS - HARD_LIMIT_LEFT_MS)
  })

  it('has no life while none was ever stored, or where somebody has written another type', async () => {
    await put('pk', { system: 'cec', tenantSpaceId: 't1', listedIn: 'cec', listedAt: DUE_AT })
    const due = await only()
    expect(due).toMatchObject({ life: undefined, usedAt: Number.NEGATIVE_INFINITY })
    expect(usableUntil(due)).toBeUndefined()
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
