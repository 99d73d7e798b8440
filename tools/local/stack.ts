/** The outside of the embedded default on loopback: DynamoDB, Secrets Manager and the vendors, filled for stage `local`. */

import { VALIDATE_ENTERPRISE_TOKEN } from '../../lib/routes.ts'
import type { VendorSystem } from '../../lib/vendors/registry.ts'
import {
  DEFAULT_PORT,
  LOCAL_DIRECTORY_TABLE,
  LOCAL_STAGE,
  LOCAL_TENANT,
  LOOPBACK,
  PROBER_SECRET,
  SIGNING_KEY_SECRET,
  tenantSecret,
} from './constants.ts'
import { type CloudFormationResources, startDynamoDb } from './dynamodb.ts'
import { rotationFunction } from './rotation-function.ts'
import { readSecretsFile } from './secrets-file.ts'
import { startSecretsManager } from './secrets-manager/server.ts'
import { type Addresses, proberSecret, seedDirectory, seedSecrets } from './seeds.ts'
import { startUpstreams, type UpstreamsOptions } from './upstreams/upstreams.ts'

export interface StackOptions {
  /** The `Resources` of serverless.yml, variables resolved: its tables are the ones that exist. */
  readonly resources: CloudFormationResources
  /** Laid over the seeded secrets, see secrets-file.ts. Default none. */
  readonly secretsFile?: string | undefined
  /** The region in the secrets' ARNs. */
  readonly region: string
  /** Where `npm start` serves the routes, which the prober asks. Default its own default. */
  readonly port?: string | undefined
  /** For the vendors' emulators. */
  readonly vendors?: Pick<UpstreamsOptions, 'cec' | 'oiap' | 'live'> | undefined
}

export interface Stack {
  /** What the AWS SDK reads to find the emulators. */
  readonly endpoints: Record<'AWS_ENDPOINT_URL_SECRETS_MANAGER' | 'AWS_ENDPOINT_URL_DYNAMODB', string>
  /** Where each vendor's emulator is told to misbehave and asked for its counters. */
  readonly controls: readonly { readonly vendor: string; readonly url: string }[]
  /** The secrets as they were put in at the start, by name. */
  readonly secrets: Readonly<Record<string, string>>
  /** What a caller must name as `appKey` to be given the local tenant's token of a vendor; empty where it has none. */
  readonly appKeyOf: (system: VendorSystem) => string
  /** Tells the prober where the routes are, unless its secret was laid over. Default where `npm start` serves them. */
  servedAt(addresses: Addresses): void
  /** Does what Secrets Manager does before it calls a rotation function. Returns the ClientRequestToken. */
  startRotation(secretName: string): string
  close(): Promise<void>
}

/** As in serverless.yml. Here it is only described: nothing rotates by itself. */
const ROTATION_DAYS = 30

const addressesAt = (port: string | number): Addresses => {
  const url = `http://${LOOPBACK}:${port}`
  return { url, validateUrl: url + VALIDATE_ENTERPRISE_TOKEN.endpoints[0].replace('POST ', '') }
}

/** Starts all emulators on free ports and fills them. Nothing is left listening when it fails. */
export const startStack = async ({
  resources,
  secretsFile,
  region,
  port = String(DEFAULT_PORT),
  vendors,
}: StackOptions): Promise<Stack> => {
  const laidOver = secretsFile ? readSecretsFile(secretsFile) : {}
  const started: { close(): Promise<void> }[] = []
  const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
    started.push(server)
    return server
  }
  const close = async (): Promise<void> => {
    // In turn, what was started last first: a rotation that Secrets Manager has begun still asks the directory's table.
    for (const server of started.toReversed()) await server.close()
  }
  try {
    const upstreams = keep(await startUpstreams(vendors))
    const seeded = upstreams.tenantSecrets(LOCAL_TENANT)
    const secrets = { ...(await seedSecrets(new Date(), seeded)), ...laidOver }
    const dynamoDb = keep(await startDynamoDb(resources))
    await dynamoDb.put(LOCAL_DIRECTORY_TABLE, seedDirectory())
    const invoke = rotationFunction(() => endpoints)
    const secretsManager = keep(await startSecretsManager({ region, invoke }))
    const endpoints = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    }
    for (const [name, value] of Object.entries(secrets)) secretsManager.put(name, value)
    const appKeyOf = (system: VendorSystem): string =>
      appKeyIn(laidOver[tenantSecret(system)]) ?? appKeyIn(JSON.stringify(seeded[system])) ?? ''
    const servedAt = (addresses: Addresses): void => {
      if (!(PROBER_SECRET in laidOver))
        secretsManager.put(PROBER_SECRET, proberSecret(addresses, appKeyOf('oiap')))
    }
    servedAt(addressesAt(port))
    const lambda = `arn:aws:lambda:${region}:000000000000:function:cec-token-bridge-${LOCAL_STAGE}-rotateSigningKey`
    secretsManager.enableRotation(SIGNING_KEY_SECRET, lambda, ROTATION_DAYS)
    return {
      endpoints,
      controls: [
        { vendor: 'CEC', url: `${upstreams.cec.url}/_control` },
        { vendor: 'OIAP', url: `${upstreams.oiap.url}/_control` },
        { vendor: 'Alibaba Live', url: `${upstreams.live.url}/_control` },
      ],
      secrets,
      appKeyOf,
      servedAt,
      startRotation: (secretName) => secretsManager.startRotation(secretName),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Of a secret that its owner may have made malformed on purpose. */
const appKeyIn = (secret: string | undefined): string | undefined => {
  try {
    const { appKey } = JSON.parse(secret ?? '{}')
    return typeof appKey === 'string' ? appKey : undefined
  } catch {
    return undefined
  }
}
