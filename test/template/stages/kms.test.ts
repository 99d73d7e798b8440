/** KMS keys of the customer's own, in the partitions of China and GovCloud. */

import { beforeAll, describe, expect, it } from 'vitest'
import { kmsKeysOf } from '../../../tools/package/kms.ts'
import { allFaults } from '../all-faults.ts'
import { FUNCTIONS } from '../golden.ts'
import { type Draft, statementsOfRole } from '../mutants/draft.ts'
import { packageTemplate } from '../package.ts'
import { arnOf, isAllowed, roleIdOf, statementsOf, type Template } from '../policy.ts'

const STAGE = 'prod'
const REGION = 'cn-north-1'
const OF_SECRET = 'kms:EncryptionContext:SecretARN'
const key = (id: string) => `arn:aws-cn:kms:cn-north-1:111122223333:key/${id}`
const KEYS = {
  secrets: [key('00000000-0000-0000-0000-000000000001'), key('mrk-00000000000000000000000000000002')],
  tables: key('00000000-0000-0000-0000-000000000003'),
  logs: key('00000000-0000-0000-0000-000000000004'),
}
const PARAMS = {
  secretsKmsKeyArns: KEYS.secrets.join(', '),
  tablesKmsKeyArn: KEYS.tables,
  logsKmsKeyArn: KEYS.logs,
}

/** The stage's own secrets stay under the key of Secrets Manager. */
const SECRETS = [
  'signing-key',
  'jwks',
  'callers',
  'token-store-key',
  'tenants/202007159031/cec',
  'tenants/202007159031/oiap',
  'tenants/202007159031/oiap-third-party',
  'tenants/202007159031/live',
  'tenants/202007159031/live-im',
  'tenants/202007159031/live-rtc',
  'tenants/202007159031/other',
]
const DECRYPTS: Readonly<Record<string, readonly string[]>> = {
  applyToken: ['cec'],
  chatRelay: ['cec'],
  chatCalls: ['cec'],
  uploadFileStream: ['cec'],
  downloadFileStream: ['cec'],
  appCubeToken: ['oiap'],
  oiapThirdPartyToken: ['oiap-third-party'],
  liveMessageToken: ['live'],
  liveImToken: ['live-im'],
  liveRtcToken: ['live-rtc'],
  auiLiveToken: ['live', 'live-im'],
  auiRtcToken: ['live-rtc'],
  prewarmTokens: ['cec', 'oiap', 'oiap-third-party'],
  doctor: ['cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc'],
}
const WITHOUT_TABLES = ['jwks', 'probe']

let china: Template
beforeAll(async () => {
  china = await packageTemplate(STAGE, { region: REGION, params: PARAMS })
}, 120_000)

const roleOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
/** What a function may do with a key, as far as KMS asks for rights. */
const may = (name: string, action: string, resource: string): boolean =>
  isAllowed(statementsOf(china, roleIdOf(china, roleOf(name))), action, resource)
const secretOf = (name: string) => arnOf.secret(`cec-token-bridge/${STAGE}/${name}`)

describe('serverless.yml: secretsKmsKeyArns', () => {
  it.each(FUNCTIONS)('lets %s decrypt the tenants’ secrets that it reads, and no other one', (name) => {
    for (const secretsKey of KEYS.secrets) {
      const decrypted = SECRETS.filter((secret) =>
        may(name, 'kms:Decrypt', arnOf.keyThrough(secretsKey, 'secretsmanager', secretOf(secret))),
      )
      const expected = (DECRYPTS[name] ?? []).map((system) => `tenants/202007159031/${system}`)
      expect(decrypted).toEqual(expected)
    }
  })

  it.each(FUNCTIONS)('lets %s use no key directly, through another service or to encrypt', (name) => {
    const secret = secretOf('tenants/202007159031/cec')
    for (const secretsKey of KEYS.secrets) {
      expect(may(name, 'kms:Decrypt', secretsKey)).toBe(false)
      expect(may(name, 'kms:Decrypt', arnOf.keyThrough(secretsKey, 'ssm', secret))).toBe(false)
      expect(may(name, 'kms:Encrypt', arnOf.keyThrough(secretsKey, 'secretsmanager', secret))).toBe(false)
    }
    expect(may(name, 'kms:Decrypt', arnOf.keyThrough(KEYS.tables, 'secretsmanager', secret))).toBe(false)
    expect(may(name, 'kms:Decrypt', arnOf.keyThrough(key('other'), 'secretsmanager', secret))).toBe(false)
  })
})

describe('serverless.yml: tablesKmsKeyArn and logsKmsKeyArn', () => {
  it('encrypt all tables, and let the functions with a table use that key through DynamoDB', () => {
    for (const id of ['DirectoryTable', 'CallersTable', 'TokensTable'])
      expect(china.Resources[id]?.Properties['SSESpecification']).toEqual({
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: KEYS.tables,
      })
    const users = FUNCTIONS.filter((name) =>
      may(name, 'kms:Decrypt', arnOf.keyThrough(KEYS.tables, 'dynamodb')),
    )
    expect(users).toEqual(FUNCTIONS.filter((name) => !WITHOUT_TABLES.includes(name)))
    expect(FUNCTIONS.filter((name) => may(name, 'kms:Decrypt', KEYS.tables))).toEqual([])
  })

  it('encrypt every log group, the access log’s among them', () => {
    const groups = Object.values(china.Resources).filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
    expect(groups).toHaveLength(FUNCTIONS.length + 1)
    for (const { Properties } of groups) expect(Properties['KmsKeyId']).toBe(KEYS.logs)
  })
})

describe('serverless.yml: a package with all three', () => {
  it('has no fault that a check knows', () => {
    expect(allFaults(china)).toEqual([])
  })

  /** The right on the secrets' keys is the last but one of a role with tables. */
  const mutated = (change: (statement: Draft) => void): string => {
    const mutant: Draft = structuredClone(china)
    change(statementsOfRole(mutant, 'ApplyToken').at(-2))
    return allFaults(mutant).join('\n')
  }
  it.each<[string, (statement: Draft) => void, string]>([
    ['a key that is used directly', (s) => delete s.Condition, 'applyToken: may use keys directly'],
    ['any secret', (s) => (s.Condition.StringLike[OF_SECRET] = '*'), 'applyToken: may have * decrypted'],
    ['another condition', (s) => (s.Condition.Bool = {}), 'a Condition in a statement is not understood'],
    ['every key', (s) => (s.Resource = '*'), 'applyToken: allows the broad resource *'],
    ['every action', (s) => (s.Action = ['kms:*']), 'applyToken: allows the unlisted action kms:*'],
  ])('would be found out with %s', (_, change, sentence) => {
    expect(mutated(change)).toContain(sentence)
  })

  it.each([
    [
      'an alias',
      { secretsKmsKeyArns: 'arn:aws:kms:eu-west-1:111122223333:alias/tenants' },
      'secretsKmsKeyArns',
    ],
    ['an id alone', { tablesKmsKeyArn: '00000000-0000-0000-0000-000000000003' }, 'tablesKmsKeyArn'],
    ['every key', { logsKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/*' }, 'logsKmsKeyArn'],
    ['two keys for one', { tablesKmsKeyArn: KEYS.secrets.join(',') }, 'tablesKmsKeyArn: expected one key'],
  ])('is not made of %s', (_, params, sentence) => {
    expect(() => kmsKeysOf(params, REGION)).toThrow(sentence)
  })
})

/** What every template says of the partition and its ending, is left to CloudFormation. */
const fixedNames = (template: Template): string[] => {
  const ours = Object.values(PARAMS).flatMap((keys) => keys.split(', '))
  const texts = JSON.stringify(template).match(/arn:aws[^"]*|https?:[^"]*amazonaws[^"]*/g) ?? []
  return texts.filter((text) => !ours.includes(text))
}

describe('serverless.yml: partitions', () => {
  it('names no partition in China’s', () => {
    expect(fixedNames(china)).toEqual([])
  })

  it('packages for GovCloud, and names no partition there', async () => {
    const government = await packageTemplate(STAGE, { region: 'us-gov-west-1' })
    expect(fixedNames(government)).toEqual([])
    expect(allFaults(government)).toEqual([])
    expect(JSON.stringify(government)).not.toContain('kms')
  }, 120_000)
})
