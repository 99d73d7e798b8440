import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { runNode } from './process.ts'

const exported = (stdout: string): Record<string, string> =>
  Object.fromEntries([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]))

const found = async (env: Record<string, string>): Promise<object> => {
  const common = {
    region: env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  }
  const dynamoDb = new DynamoDBClient({ ...common, endpoint: env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' })
  const secrets = new SecretsManagerClient({
    ...common,
    endpoint: env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '',
  })
  const { TableNames } = await dynamoDb.send(new ListTablesCommand())
  const { SecretList } = await secrets.send(new ListSecretsCommand())
  const fromPage = await fetch(env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '', {
    headers: { origin: 'https://page.example' },
  })
  return {
    fromPage: fromPage.status,
    tables: TableNames,
    secrets: SecretList?.map(({ Name }) => Name).sort(),
  }
}

/** What each vendor's emulator has counted, asked at the address that was printed. */
const vendors = (stdout: string): Promise<unknown[]> =>
  Promise.all(
    [...stdout.matchAll(/^# control of the emulator of (.+): (\S+)$/gm)].map(async ([, vendor, url]) => [
      vendor,
      await (await fetch(`${url}/calls`)).json(),
    ]),
  )

describe('npm run emulators', () => {
  it('prints exports and addresses that lead to the seeded emulators, and ends cleanly on SIGTERM', async () => {
    let seen: object = {}
    const { code, stderr, leftNothing } = await runNode(['tools/local/emulators.ts'], {
      whenPrinted: {
        text: '# Ready',
        use: async (stdout) => {
          seen = { ...(await found(exported(stdout))), vendors: await vendors(stdout) }
        },
      },
    })
    expect({ code, stderr, leftNothing }).toEqual({ code: 0, stderr: '', leftNothing: true })
    expect(seen).toEqual({
      fromPage: 403,
      tables: [
        'cec-token-bridge-local-callers',
        'cec-token-bridge-local-directory',
        'cec-token-bridge-local-tokens',
      ],
      secrets: [
        'callers',
        'jwks',
        'log-key',
        'prober',
        'signing-key',
        'tenants/202007159031/cec',
        'tenants/202007159031/live',
        'tenants/202007159031/live-im',
        'tenants/202007159031/live-rtc',
        'tenants/202007159031/oiap',
        'tenants/202007159031/oiap-third-party',
        'token-store-key',
      ].map((name) => `cec-token-bridge/local/${name}`),
      vendors: [
        ['CEC', { calls: {} }],
        ['OIAP', { calls: {}, wrongSecrets: { getAppCubeToken: 0, gettoken: 0 } }],
        ['Alibaba Live', { calls: {} }],
      ],
    })
  })
})
