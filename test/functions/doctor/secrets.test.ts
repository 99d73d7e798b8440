import {
  DeleteSecretCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemNames } from '../../../lib/vendors/registry.ts'
import { about, ask, causes } from '../../support/doctor-world.ts'
import { startVendorWorld, type VendorWorld } from '../../support/vendor-world.ts'
import { PREFIX, TENANT } from '../../support/world.ts'

const SYSTEMS = systemNames()
const nameOf = (system: string): string => `${PREFIX}/tenants/${TENANT}/${system}`

let world: VendorWorld
beforeAll(async () => {
  world = await startVendorWorld({ cec: { pollMs: 20 } })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clearTokens()
  world.secretsManager.clearFaults()
  for (const system of SYSTEMS) world.putSettings(system)
})

/** What a secret of each system must have. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  cec: ['tokenUrl', 'applyTokenUrl', 'chatUrl', 'appKey', 'appSecret'],
  oiap: ['url', 'appKey', 'appSecret'],
  'oiap-third-party': ['url', 'appKey', 'appSecret'],
  live: ['endpoint', 'appId', 'accessKeyId', 'accessKeySecret'],
  'live-im': ['appId', 'appKey', 'appSign'],
  'live-rtc': ['appId', 'appKey'],
}
const MEMBERS = SYSTEMS.flatMap((system) => (NEEDED[system] ?? []).map((member) => ({ system, member })))

describe('functions/doctor: a broken secret', () => {
  const malformed = async (system: string, field: string) => {
    const { findings } = await ask(world, about(system))
    expect(findings).toEqual([
      {
        system,
        tenantSpaceId: TENANT,
        cause: 'SECRET_MALFORMED',
        level: 'wrong',
        secret: nameOf(system),
        secretVersion: expect.any(String),
        field,
        expected: expect.stringMatching(/^expected /),
      },
    ])
  }
  const isWell = async (system: (typeof SYSTEMS)[number]) => {
    world.putSettings(system)
    expect(causes(await ask(world, about(system)))).toEqual([])
  }

  it.each(MEMBERS)('of $system without $member', async ({ system, member }) => {
    world.putSettings(system, { [member]: undefined })
    await malformed(system, member)
    await isWell(system)
  })

  it.each(MEMBERS)(
    'of $system with a $member that is no text, or nothing but blanks',
    async ({ system, member }) => {
      for (const value of [{}, 17, '   ', 'a\u200bb']) {
        world.putSettings(system, { [member]: value })
        await malformed(system, member)
      }
      await isWell(system)
    },
  )

  it.each(SYSTEMS)(
    'of %s with a member that nobody knows, with one twice, and none that is JSON',
    async (system) => {
      world.putSettings(system, { appSecrets: 'x' })
      await malformed(system, '(whole)')
      for (const text of [' ', 'appKey=x', '[]', '{"appKey":"a","appKey":"b"}']) {
        world.secretsManager.put(nameOf(system), text)
        await malformed(system, '(whole)')
      }
      await isWell(system)
    },
  )

  it.each([
    ['cec', { tokenUrl: 'ftp://cec.example.com/token' }, 'tokenUrl'],
    ['cec', { tokenExpireSeconds: 60 }, 'tokenExpireSeconds'],
    ['cec', { locale: 'english' }, 'locale'],
    ['cec', { ca: 'no certificate' }, 'ca'],
    ['cec', { serverName: 'https://cec.example.com' }, 'serverName'],
    ['oiap', { url: 'https://oiap.example.com/oifde/rest/api/gettoken' }, 'url'],
    ['oiap-third-party', { url: 'https://oiap.example.com/x/getAppCubeToken' }, 'url'],
    ['live', { endpoint: 'https://live.example.com/path' }, 'endpoint'],
    ['live', { userId: 'hash' }, 'userId'],
    ['live-im', { lifetimeSeconds: 5 }, 'lifetimeSeconds'],
    ['live-rtc', { roomToken: 'hex' }, 'roomToken'],
  ] as const)('of %s with %j', async (system, changes, field) => {
    world.putSettings(system, changes)
    await malformed(system, field)
    await isWell(system)
  })
})

describe('functions/doctor: a secret that cannot be read', () => {
  const client = () => new SecretsManagerClient()

  it.each(SYSTEMS)('of %s that is absent, marked for deletion, or closed by KMS', async (system) => {
    const SecretId = nameOf(system)
    const [absent] = (await ask(world, { ...about(system), tenantSpaceId: 'T-0' })).findings
    expect(absent).toMatchObject({ system, tenantSpaceId: 'T-0', cause: 'SECRET_ABSENT' })
    await client().send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }))
    expect(causes(await ask(world, about(system)))).toEqual([`${system}: SECRET_ABSENT`])
    await client().send(new RestoreSecretCommand({ SecretId }))
    world.secretsManager.encrypt(SecretId, 'arn:aws:kms:eu-west-1:111122223333:key/1', 'denied')
    expect(causes(await ask(world, about(system)))).toEqual([`${system}: SECRET_KMS_REFUSED`])
    world.secretsManager.encrypt(SecretId, 'arn:aws:kms:eu-west-1:111122223333:key/1')
    expect(causes(await ask(world, about(system)))).toEqual([])
  })

  it('of the stage, which is absent', async () => {
    const SecretId = `${PREFIX}/token-store-key`
    await client().send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }))
    expect(causes(await ask(world, {}))).toContain('stage: STAGE_SECRET_ABSENT')
    expect(causes(await ask(world, about('cec', 'oiap')))).toEqual(['stage: STAGE_SECRET_ABSENT'])
    await client().send(new RestoreSecretCommand({ SecretId }))
    expect(causes(await ask(world, about('cec', 'oiap')))).toEqual([])
  })

  it('of the stage, which stops several systems and is said once', async () => {
    const name = `${PREFIX}/token-store-key`
    world.secretsManager.put(name, { key: 'short' })
    const { findings } = await ask(world, about('cec', 'oiap'))
    expect(findings).toMatchObject([
      { system: 'stage', cause: 'STAGE_SECRET_MALFORMED', secret: name, field: 'key' },
    ])
  })
})
