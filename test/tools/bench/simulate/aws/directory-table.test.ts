import { BatchGetCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { dynamoAdmissions } from '../../../../../lib/directory/dynamodb.ts'
import { userItem } from '../../../../../lib/directory/items.ts'
import { simulatedDirectory } from '../../../../../tools/bench/simulate/aws/directory-table.ts'
import { type Clock, virtualClock } from '../../../../../tools/bench/simulate/clock.ts'

const TOM = { tenantSpaceId: '1', userId: 'tom' }

/** What a promise brings while virtual time passes. */
const passing = async <T>(clock: Clock, work: Promise<T>, ms = 5_000): Promise<T> => {
  const settled = work.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error
    },
  )
  await clock.run(clock.elapsed() + ms)
  return (await settled)()
}

const world = (readUnits?: number) => {
  const clock = virtualClock()
  const table = simulatedDirectory(clock, () => 0.5, readUnits === undefined ? {} : { readUnits })
  table.put(userItem({ ...TOM, userName: 'Tom', status: 'active', epoch: 3 }))
  const directory = dynamoAdmissions({ ...table, random: () => 0.5, pause: clock.pause })
  const ask = () => directory.admission({ ...TOM, jti: 'j' }, clock.deadline(5_000))
  return { clock, table, ask }
}

describe('tools/bench/simulate/aws/directory-table', () => {
  it('answers the real reads, and counts a unit for each item, absent ones too', async () => {
    const { clock, table, ask } = world()
    expect(await passing(clock, ask())).toMatchObject({ user: { epoch: 3 }, isTokenRevoked: false })
    expect(table.units.spent()).toMatchObject({ readUnits: 3, refused: 0 })
  })

  it('leaves unprocessed what it has no units for: asked again, it is the whole answer', async () => {
    const { clock, table, ask } = world(20)
    const keys = Array.from({ length: 21 }, (_, n) => ({ pk: `item ${n}` }))
    const get = new BatchGetCommand({ RequestItems: { directory: { Keys: keys, ConsistentRead: true } } })
    expect(await passing(clock, table.client.send(get), 100)).toMatchObject({
      UnprocessedKeys: { directory: { Keys: [{ pk: 'item 20' }] } },
    })
    const { refused } = table.units.spent()
    expect(await passing(clock, ask())).toMatchObject({ user: { epoch: 3 } })
    expect(table.units.spent().refused).toBeGreaterThan(refused)
  })

  it('refuses a call for which it has no units at all, and the directory says so', async () => {
    const { clock, ask } = world(0)
    const refused = passing(clock, ask())
    await expect(refused).rejects.toMatchObject({
      code: 'DIRECTORY_UNAVAILABLE',
      detail: { reason: 'ThrottlingException' },
    })
  })
})
