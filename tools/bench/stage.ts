/** The stage that the sandboxes are started in: the emulators, over http and behind TLS, and the events. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { enterLocalAwsEnvironment, localAwsEnvironment } from '../local/aws-environment.ts'
import { SIGNING_KEY_SECRET, tenantSecret } from '../local/constants.ts'
import type { CloudFormationResources } from '../local/dynamodb.ts'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { fillSampleEvent } from '../local/sample-event.ts'
import { type Stack, startStack } from '../local/stack.ts'
import { ownCertificate, startTlsFront } from './tls-front.ts'
import { seedBenchUsers } from './users.ts'

const REGION = 'eu-west-1'

export type Network = 'http' | 'tls'

export interface BenchStage {
  /** Where a function finds AWS. */
  readonly environment: (network: Network) => Readonly<Record<string, string>>
  /** A sample event as it stands in `events/`, its placeholders filled: each is good for some minutes. */
  readonly event: (functionName: string, name: string, issuer: string) => Promise<object>
  /** Its emulators, for whoever counts what they are asked. */
  readonly stack: Pick<Stack, 'endpoints' | 'controls' | 'secrets'>
  readonly close: () => Promise<void>
}

export const startBenchStage = async (
  resources: CloudFormationResources,
  folder: string,
): Promise<BenchStage> => {
  enterLocalAwsEnvironment(REGION)
  const stack = await startStack({ resources, region: REGION })
  await raiseLimitOfCalls(stack)
  await seedBenchUsers(stack.endpoints.AWS_ENDPOINT_URL_DYNAMODB, REGION)
  const certificate = await ownCertificate()
  const authority = join(folder, 'ca.pem')
  writeFileSync(authority, certificate.cert)
  const fronts = await Promise.all(
    Object.entries(stack.endpoints).map(
      async ([name, url]) => [name, await startTlsFront(url, certificate)] as const,
    ),
  )
  const behindTls = Object.fromEntries(fronts.map(([name, { url }]) => [name, url]))
  const common = {
    ...localAwsEnvironment(REGION),
    PATH: process.env['PATH'] ?? '',
    // The vendors' emulators are plain http on loopback.
    ALLOW_LOOPBACK_HTTP: 'true',
    // A bench asks for one user's tokens as often as it likes.
    ISSUES_PER_USER_AND_MINUTE: '6000',
  }
  const secret = (name: string): string => stack.secrets[name] ?? ''
  return {
    stack,
    environment: (network) => ({
      ...common,
      ...(network === 'tls' ? { ...behindTls, NODE_EXTRA_CA_CERTS: authority } : stack.endpoints),
    }),
    event: async (functionName, name, issuer) => {
      const event = JSON.parse(
        readFileSync(join(PROJECT_ROOT, 'events', functionName, `${name}.json`), 'utf8'),
      )
      return fillSampleEvent(event, {
        signingKey: secret(SIGNING_KEY_SECRET),
        cecSettings: secret(tenantSecret('cec')),
        issuer,
        now: new Date(),
        startRotation: () => stack.startRotation(SIGNING_KEY_SECRET),
      })
    },
    close: async () => {
      await Promise.all(fronts.map(([, front]) => front.close()))
      await stack.close()
    },
  }
}

/** A bench asks for one user's tokens of Alibaba as often as it likes: more than 20 in a minute on a fast machine. */
const raiseLimitOfCalls = async ({ endpoints, secrets }: Stack): Promise<void> => {
  const name = tenantSecret('live')
  const settings = { ...JSON.parse(secrets[name] ?? '{}'), callsPerUserAndMinute: 6_000 }
  const client = new SecretsManagerClient({
    endpoint: endpoints.AWS_ENDPOINT_URL_SECRETS_MANAGER,
    region: REGION,
  })
  await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(settings) }))
  client.destroy()
}
