import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { span } from '../../../tools/operator/tokens/report.ts'
import { parseArguments, tokens, tokensAsJson, unblock } from '../../../tools/operator/tokens.ts'

const NOW = Date.UTC(2026, 10, 22, 10)
const MINUTE = 60_000
const STAGE = { stage: 'local', region: undefined }
const deadline = { remainingMs: () => 1_000 }
let table: MemoryTable
const put = (pk: string, set: Record<string, string | number>) => table.change(pk, { set }, deadline)

beforeEach(async () => {
  table = memoryTable()
  await put('3:cec…1', {
    system: 'cec',
    tenantSpaceId: '202007159031',
    sealed: 'eyJhbGciOiJkaXIi',
    generation: 3,
    issuedAt: NOW - 20 * MINUTE,
    expiresAt: NOW + 40 * MINUTE,
    usedAt: NOW - 125 * MINUTE,
    listedIn: 'cec',
    listedAt: NOW + 33 * MINUTE,
  })
  await put('4:oiap…1', {
    system: 'oiap',
    tenantSpaceId: '202007159031',
    leaseId: 'lease',
    leaseUntil: NOW + 5_000,
    listedIn: 'oiap',
    listedAt: NOW - MINUTE,
  })
  await put('4:oiap…2', {
    system: 'oiap',
    tenantSpaceId: 'T-2',
    failure: 'credential',
    upstreamStatus: 200,
    upstreamCode: '200800002',
    since: NOW - 26 * 60 * MINUTE,
    listedIn: 'blocks',
    listedAt: NOW - 26 * 60 * MINUTE,
  })
})

describe('npm run tokens', () => {
  it('shows each token’s age, what is left and when it is refreshed, and each block with its reason and age', async () => {
    expect(await tokens(table, new Date(NOW), STAGE)).toBe(
      `system  tenant        age         left        refreshed      state          last used
cec     202007159031  20 min 0 s  40 min 0 s  in 33 min 0 s                 2 h 5 min ago
oiap    202007159031  –           none yet    now            being fetched  –

Blocks, which keep refused credentials from being tried again:
system  tenant  refused                                 for      tried again
oiap    T-2     credential, status 200, code 200800002  1 d 2 h  until the secret changes or it is lifted
Correct the secret and the block is void. To lift one by hand:
npm run tokens -- --unblock oiap T-2`,
    )
  })

  it('never shows a token, sealed or not', async () => {
    expect(await tokens(table, new Date(NOW), STAGE)).not.toContain('eyJ')
  })

  it('tells scripts the same, without keys of items', async () => {
    const told = await tokensAsJson(table)
    expect(told).not.toContain('eyJ')
    expect(JSON.parse(told)).toEqual({
      tokens: [
        expect.objectContaining({ system: 'cec', tenantSpaceId: '202007159031' }),
        expect.objectContaining({ system: 'oiap', tenantSpaceId: '202007159031' }),
      ],
      blocks: [expect.objectContaining({ system: 'oiap', tenantSpaceId: 'T-2', upstreamCode: '200800002' })],
    })
    expect(told).not.toContain('"pk"')
  })

  it('says of an empty table what that means', async () => {
    expect(await tokens(memoryTable(), new Date(NOW), STAGE)).toBe(
      'No tokens: none was asked for yet, or the schedule has not run.\n\nNo blocks: no vendor refuses credentials.',
    )
  })

  it('prints a line that lifts each block, for the stage and region that were named', async () => {
    const told = await tokens(table, new Date(NOW), { stage: 'prod', region: 'eu-west-1' })
    expect(told).toContain('\nnpm run tokens -- --stage prod --region eu-west-1 --unblock oiap T-2')
    expect(await tokens(table, new Date(NOW), { stage: 'prod', region: undefined })).toContain(
      '\nnpm run tokens -- --stage prod --unblock oiap T-2',
    )
  })

  const block = (pk: string, tenantSpaceId: string, since: number) =>
    put(pk, {
      system: 'cec',
      tenantSpaceId,
      failure: 'credential',
      since,
      listedIn: 'blocks',
      listedAt: since,
    })
  const REPLACED = 'Blocks of secrets that were replaced, which keep nobody from anything: 1.'

  it('does not show as in force a block that a newer token tells to be of a replaced secret', async () => {
    await block('3:cec…b1', '202007159031', NOW - 30 * MINUTE)
    const told = await tokens(table, new Date(NOW), STAGE)
    expect(told).toContain(REPLACED)
    expect(told).not.toContain('--unblock cec')
    // its twin is younger than the token
    await block('3:cec…b1', '202007159031', NOW - 10 * MINUTE)
    const later = await tokens(table, new Date(NOW), STAGE)
    expect(later).not.toContain(REPLACED)
    expect(later).toContain('--unblock cec 202007159031')
  })

  it('shows of a tenant the newest block alone, and each tenant’s own', async () => {
    await block('3:cec…b1', 'T-3', NOW - 30 * MINUTE)
    await block('3:cec…b2', 'T-3', NOW - 20 * MINUTE)
    await block('3:cec…b3', 'T-4', NOW - 30 * MINUTE)
    const told = await tokens(table, new Date(NOW), STAGE)
    expect(told).toContain(REPLACED)
    expect(told.match(/--unblock cec T-\d/g)).toEqual(['--unblock cec T-4', '--unblock cec T-3'])
  })

  it('lifts the blocks of one tenant at one vendor, and no other', async () => {
    expect(await unblock(table, { system: 'cec', tenantSpaceId: 'T-2' })).toBe(0)
    expect(await unblock(table, { system: 'oiap', tenantSpaceId: '202007159031' })).toBe(0)
    expect(await unblock(table, { system: 'oiap', tenantSpaceId: 'T-2' })).toBe(1)
    expect(table.dump()).toHaveLength(2)
  })

  it.each([
    [[], { stage: 'local', region: undefined, unblock: undefined }],
    [
      ['--stage', 'prod', '--region', 'eu-west-1', '--unblock', 'oiap', 'T-2'],
      { stage: 'prod', region: 'eu-west-1', unblock: { system: 'oiap', tenantSpaceId: 'T-2' } },
    ],
  ])('understands %j', (args, expected) => {
    expect(parseArguments(args)).toEqual(expected)
  })

  it.each([
    [['--unblock', 'oiap']],
    [['T-2']],
    [['--unblock', 'oiap', 'T-2', 'T-3']],
    [['--stages', 'prod']],
  ])('refuses %j with the usage', (args) => {
    expect(() => parseArguments(args)).toThrow(/\nUse: npm run tokens -- /)
  })

  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h 0 min'],
    [90_000_000, '1 d 1 h'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(span(ms)).toBe(text)
  })
})
