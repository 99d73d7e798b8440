import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../lib/directory/dynamodb-items.ts'
import { directoryWrites } from '../../../lib/directory/dynamodb-writes.ts'
import { itemRevocations } from '../../../lib/directory/item-admissions.ts'
import { copiesOf, revokedKeyKey } from '../../../lib/directory/items.ts'
import type { RotationStep } from '../../../lib/schemas/rotation.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { rotationSecrets } from '../../../lib/signing-keys/rotation-secrets.ts'
import { STEPS, type StepDeps } from '../../../lib/signing-keys/rotation-steps.ts'
import { fakeTable } from '../directory/fake-table.ts'
import { AMPLE, NOW, newRing } from '../signed-token/fakes.ts'
import { type FakeVault, fakeVault } from './fake-vault.ts'

const LEAD_SECONDS = 1510
const RIPE = new Date(NOW.getTime() + LEAD_SECONDS * 1000)

let ring: KeyRing
let vault: FakeVault
let ends: Map<string, number>
let asked: (readonly string[])[]
let deps: StepDeps

beforeAll(async () => {
  ring = await newRing()
})
beforeEach(() => {
  vault = fakeVault({ 'stage/signing-key': ring.signingKey, 'stage/jwks': ring.jwks })
  ends = new Map()
  asked = []
  deps = {
    secrets: rotationSecrets(vault, 'stage'),
    directory: {
      keyEnds: async (kids) => {
        asked.push(kids)
        return ends
      },
      retireKey: async (kid, endsAt) => {
        ends.set(kid, endsAt)
      },
    },
    now: () => RIPE,
  }
})

const run = (...steps: readonly RotationStep[]) =>
  steps.reduce((before, step) => before.then(() => STEPS[step](deps, 'second', AMPLE)), Promise.resolve())
const kids = (ring: unknown) => (ring as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
const pendingKids = () => kids(vault.valueOf('stage/signing-key', 'AWSPENDING'))
const currentKids = () => kids(vault.valueOf('stage/signing-key', 'AWSCURRENT'))
const publishedKids = () => kids(vault.valueOf('stage/jwks', 'AWSCURRENT'))

describe('lib/signing-keys/rotation-steps: createSecret', () => {
  it('leaves the next ring pending, and touches nothing that is in force', async () => {
    await run('createSecret')
    expect(vault.writes).toEqual([['stage/signing-key', 'second', 'AWSPENDING']])
    expect(pendingKids()[0]).toBe(kids(ring.signingKey)[1])
    expect(currentKids()).toEqual(kids(ring.signingKey))
  })

  it('asks about every key that there is, private or published', async () => {
    await run('createSecret')
    expect(asked).toEqual([kids(ring.signingKey)])
  })

  it('does nothing again for a version that has its value', async () => {
    await run('createSecret')
    const first = pendingKids()
    await run('createSecret')
    expect(pendingKids()).toEqual(first)
    expect(vault.writes).toHaveLength(1)
  })

  it('asks the directory nothing before the first keys', async () => {
    vault = fakeVault({ 'stage/signing-key': { keys: [] }, 'stage/jwks': { keys: [] } })
    deps = { ...deps, secrets: rotationSecrets(vault, 'stage') }
    await run('createSecret')
    expect(asked).toEqual([])
    expect(pendingKids()).toHaveLength(2)
  })
})

describe('lib/signing-keys/rotation-steps: setSecret', () => {
  it('publishes what is pending beside what is in force', async () => {
    await run('createSecret', 'setSecret')
    expect(publishedKids()).toEqual([...kids(ring.jwks), pendingKids()[1]])
  })

  it('writes nothing when it is repeated', async () => {
    await run('createSecret', 'setSecret')
    const writes = vault.writes.length
    await run('setSecret')
    expect(vault.writes).toHaveLength(writes)
  })

  it('publishes no key that was revoked meanwhile', async () => {
    await run('createSecret')
    ends.set(pendingKids()[1] ?? '', 0)
    await run('setSecret')
    expect(publishedKids()).toEqual(kids(ring.jwks))
  })
})

describe('lib/signing-keys/rotation-steps: testSecret', () => {
  it('lets a pending ring through that is published', async () => {
    await expect(run('createSecret', 'setSecret', 'testSecret')).resolves.toBeUndefined()
  })

  it('stops one that is not', async () => {
    await expect(run('createSecret', 'testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('stops one of which a key was revoked after it was published', async () => {
    await run('createSecret', 'setSecret')
    ends.set(pendingKids()[1] ?? '', 0)
    await expect(run('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })
})

describe('lib/signing-keys/rotation-steps: finishSecret', () => {
  it('puts the pending ring in force, then retires what has left it', async () => {
    await run('createSecret', 'setSecret', 'testSecret', 'finishSecret')
    expect(currentKids()).toEqual(pendingKids())
    const { keys } = vault.valueOf('stage/jwks', 'AWSCURRENT') as { keys: { verifyUntil?: number }[] }
    expect(keys.map(({ verifyUntil }) => verifyUntil !== undefined)).toEqual([true, false, false])
  })

  it('retires nothing while the version in force is not yet seen', async () => {
    await run('createSecret', 'setSecret', 'testSecret')
    const { makeCurrent } = vault
    const lagging = { ...vault, makeCurrent: async () => undefined }
    deps = { ...deps, secrets: rotationSecrets(lagging, 'stage') }
    const writes = vault.writes.length
    await expect(run('finishSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect(vault.writes).toHaveLength(writes)
    deps = { ...deps, secrets: rotationSecrets({ ...vault, makeCurrent }, 'stage') }
    await expect(run('finishSecret')).resolves.toBeUndefined()
  })
})

describe('lib/signing-keys/rotation-steps: the copies of an end', () => {
  /** The table, which fails while `failsAt` is the copy that is written. */
  const table = () => {
    const held = new Map<string, Item>()
    const fault: { failsAt?: string | undefined } = {}
    const write = (input: Record<string, unknown>) => {
      const { pk } = input['Key'] as { pk: string }
      if (pk === fault.failsAt) throw new Error('down')
      if (held.has(pk)) throw new ConditionalCheckFailedException({ message: 'x', $metadata: {} })
      const values = input['ExpressionAttributeValues'] as Record<string, unknown>
      held.set(pk, { pk, endsAt: values[':endsAt'] })
      return {}
    }
    const read = async (keys: readonly string[]) => new Map([...held].filter(([pk]) => keys.includes(pk)))
    const { retireKey } = directoryWrites({ ...fakeTable(write), random: () => 0 })
    deps = { ...deps, directory: { ...itemRevocations({ read }), retireKey } }
    return { held, fault }
  }

  it.each([
    ['none failed', undefined, 0],
    ['one failed', 7, 0],
    ['all but the first failed', 1, 0],
    ['one failed, and the key is dead by now', 7, 30 * 86_400],
  ])('are all there and alike once the step has been repeated: %s', async (_name, copy, laterSeconds) => {
    const copies = copiesOf(revokedKeyKey(kids(ring.signingKey)[0] ?? ''))
    const { held, fault } = table()
    await run('createSecret', 'setSecret', 'testSecret')
    fault.failsAt = copy === undefined ? undefined : copies[copy]
    const first = run('finishSecret')
    await (copy === undefined
      ? first
      : expect(first).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' }))
    fault.failsAt = undefined
    deps = { ...deps, now: () => new Date(RIPE.getTime() + laterSeconds * 1000) }
    await run('finishSecret')
    const endsAt = RIPE.getTime() / 1000 + 300 + 900 + 3600 + 10
    expect(copies.map((pk) => held.get(pk)?.['endsAt'])).toEqual(copies.map(() => endsAt))
  })
})

describe('lib/signing-keys/rotation-steps', () => {
  it.each(['setSecret', 'testSecret', 'finishSecret'] as const)(
    'refuse %s before createSecret',
    async (step) => {
      await expect(run(step)).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    },
  )
})
