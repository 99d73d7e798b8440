import {
  CreateSecretCommand,
  DeleteSecretCommand,
  type Filter,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  PutSecretValueCommand,
  paginateListSecrets,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useEmulator } from './emulator.ts'

const fixture = useEmulator()
const list = (input: ListSecretsCommandInput = {}) => fixture.client.send(new ListSecretsCommand(input))
const names = async (input: ListSecretsCommandInput = {}) =>
  (await list(input)).SecretList?.map(({ Name }) => Name)
const remove = (SecretId: string, ForceDeleteWithoutRecovery?: boolean) =>
  fixture.client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery }))

function create(...secretNames: string[]): void {
  for (const name of secretNames) {
    fixture.emulator.put(name, 'value')
    fixture.advance(1000)
  }
}

describe('ListSecrets', () => {
  it('answers names, stages and dates, without values', async () => {
    create('a')

    const { SecretList } = await list()

    expect(SecretList).toEqual([
      {
        ARN: expect.stringContaining(':secret:a-'),
        Name: 'a',
        CreatedDate: new Date('2026-01-15T12:00:00Z'),
        LastChangedDate: new Date('2026-01-15T12:00:00Z'),
        SecretVersionsToStages: expect.any(Object),
      },
    ])
    expect(Object.values(SecretList?.[0]?.SecretVersionsToStages ?? {})).toEqual([['AWSCURRENT']])
  })

  it('goes through every page once, also when secrets come and go between two pages', async () => {
    create('a', 'b', 'c', 'd', 'e')
    const seen: (string | undefined)[] = []

    for await (const page of paginateListSecrets({ client: fixture.client, pageSize: 2 }, {})) {
      seen.push(...(page.SecretList ?? []).map(({ Name }) => Name))
      await remove('b', true)
    }

    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('pages backwards', async () => {
    create('a', 'b', 'c')

    const first = await list({ SortOrder: 'desc', MaxResults: 2 })

    expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['c', 'b'])
    expect(await names({ SortOrder: 'desc', MaxResults: 2, NextToken: first.NextToken })).toEqual(['a'])
  })

  it.each([
    ['created-date', ['b', 'c', 'a']],
    ['name', ['a', 'b', 'c']],
    ['last-changed-date', ['c', 'a', 'b']],
    ['last-accessed-date', ['b', 'c', 'a']],
  ] as const)('sorts by %s', async (SortBy, expected) => {
    create('b', 'c', 'a')
    await fixture.client.send(new PutSecretValueCommand({ SecretId: 'b', SecretString: 'new' }))
    await fixture.client.send(new GetSecretValueCommand({ SecretId: 'a' }))

    expect(await names({ SortBy })).toEqual(expected)
  })

  it('shows secrets marked for deletion only when asked', async () => {
    create('a', 'b')
    await remove('a')

    expect(await names()).toEqual(['b'])
    expect(await names({ IncludePlannedDeletion: true })).toEqual(['a', 'b'])
  })

  it.each<[string, Filter[], string[]]>([
    ['name by prefix', [{ Key: 'name', Values: ['app/'] }], ['app/One', 'app/two']],
    ['name by case', [{ Key: 'name', Values: ['App/'] }], []],
    ['name not in the middle', [{ Key: 'name', Values: ['two'] }], []],
    ['one of several values', [{ Key: 'name', Values: ['app/One', 'other'] }], ['app/One', 'other']],
    ['a negated value', [{ Key: 'name', Values: ['!app/'] }], ['other']],
    [
      'all of several filters',
      [
        { Key: 'name', Values: ['app/'] },
        { Key: 'name', Values: ['!app/two'] },
      ],
      ['app/One'],
    ],
    ['description in any case', [{ Key: 'description', Values: ['THE'] }], ['other']],
    ['tag keys by prefix', [{ Key: 'tag-key', Values: ['te'] }], ['other']],
    ['tag values by prefix', [{ Key: 'tag-value', Values: ['Contact'] }], []],
    ['all words anywhere', [{ Key: 'all', Values: ['third secret'] }], ['other']],
    ['a region it has not', [{ Key: 'primary-region', Values: ['eu-'] }], []],
    ['a service it has not', [{ Key: 'owning-service', Values: ['rds'] }], []],
  ])('filters %s', async (_what, Filters, expected) => {
    create('app/One', 'app/two')
    await fixture.client.send(
      new CreateSecretCommand({
        Name: 'other',
        Description: 'The third secret',
        Tags: [{ Key: 'team', Value: 'contact' }],
      }),
    )

    expect(await names({ Filters })).toEqual(expected)
  })

  it.each([
    [0, 'greater than or equal to 1'],
    [101, 'less than or equal to 100'],
  ])('refuses %i as MaxResults', async (MaxResults, rule) => {
    await expectRefusal(
      list({ MaxResults }),
      'ValidationException',
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${rule}`,
    )
  })

  it.each(['nonsense', 'e30=', 'WzEsMiwzXQ=='])('refuses the token %s', async (NextToken) => {
    await expectRefusal(list({ NextToken }), 'InvalidNextTokenException', 'The NextToken value is invalid.')
  })

  it('refuses a filter key that AWS does not know', async () => {
    await expectRefusal(
      list({ Filters: [{ Key: 'constructor' as 'name', Values: ['a'] }] }),
      'ValidationException',
      "1 validation error detected: Value 'constructor' at 'filters.1.member.key' failed to satisfy constraint: Member must satisfy enum value set: [description, name, tag-key, tag-value, primary-region, owning-service, all]",
    )
  })
})
