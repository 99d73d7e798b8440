/** docs/releases.md, "Deploy one": a release's template, deployed by CloudFormation alone, with its packages in a bucket. */

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Parameter,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { LOCAL_TENANT, LOCAL_USER } from '../../local/constants.ts'
import { copyPackages, packageRelease } from '../../release/packages.ts'
import { Stage, type StageOptions } from '../stage.ts'
import { eventually, expect, type Step } from '../step.ts'
import { callerKey, firstKeys, issue, users } from './deploy.ts'
import { bodyOf, type World } from './world.ts'

/** For the emulator: it makes a bucket, and a name of a bucket can be anybody's in AWS. */
const BUCKET = 'cec-token-bridge-releases'
const PREFIX = 'releases/'
const TEMPLATE = `${PREFIX}template.json`

/** Where CEC asks, and how long logs are kept: neither is as by default. */
const CHANGED = { ValidatePath: '/4f9a2c/chatThirdPartyValidate', LogRetentionInDays: '7' } as const
const CHANGED_AGAIN = { ValidatePath: '/8b1e70/chatThirdPartyValidate', LogRetentionInDays: '14' } as const
const ISSUER = 'https://tokens.release.example'
/** By default, which a release does not change. */
const LIFETIME_SECONDS = 300

export const releaseSteps = (options: Omit<StageOptions, 'name'>): Step[] => {
  const stage = new Stage({ ...options, name: 'rehearsal-release' })
  const world: World = { stage, vendorSecrets: undefined, plainCec: undefined, callerKey: '' }
  return [
    { name: 'a release: its packages into a bucket', run: () => upload(options) },
    { name: 'its template by CloudFormation, two parameters changed', run: () => create(world) },
    { name: 'a token of it, and CEC asks at the changed path', run: () => use(world) },
    { name: 'the two parameters changed again', run: () => update(world) },
    { name: 'the stack deleted, and what it leaves', run: () => remove(world) },
  ]
}

const upload = async ({ project, env }: Omit<StageOptions, 'name'>): Promise<string> => {
  const client = new S3Client({ forcePathStyle: true })
  const packaged = await packageRelease({ project, version: '0.0.0', env })
  const folder = join(project, 'release')
  copyPackages(packaged, folder)
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const put = (Key: string, Body: string | Buffer) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))
  const zips = globSync(join(folder, 'functions', '*.zip'))
  for (const zip of zips) await put(`${PREFIX}functions/${basename(zip)}`, readFileSync(zip))
  await put(TEMPLATE, JSON.stringify(packaged.template))
  client.destroy()
  return `${zips.length} packages and the template`
}

const stackOf = ({ stage }: World) => {
  const client = new CloudFormationClient({})
  const StackName = `cec-token-bridge-${stage.name}`
  const asked = {
    StackName,
    TemplateURL: `${process.env['AWS_ENDPOINT_URL']}/${BUCKET}/${TEMPLATE}`,
    Capabilities: ['CAPABILITY_IAM' as const],
  }
  return { client, StackName, asked }
}

const parametersOf = ({ stage }: World, changed: Readonly<Record<string, string>>): Parameter[] =>
  Object.entries({
    ...{ PackagesBucket: BUCKET, PackagesPrefix: PREFIX, Stage: stage.name, Issuer: ISSUER },
    ...changed,
  }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }))

/** Throws unless the stack comes to this status. */
const settled = async (world: World, wanted: string): Promise<Readonly<Record<string, string>>> => {
  const { client, StackName } = stackOf(world)
  const stack = await eventually(
    async () => {
      const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName }))
      return found?.StackStatus?.endsWith('IN_PROGRESS') ? undefined : found
    },
    { seconds: 240, sentence: `CloudFormation has not settled the stack ${StackName}` },
  )
  const { StackStatus, StackStatusReason, Outputs = [] } = stack
  expect(StackStatus === wanted, `expected ${wanted}, got ${StackStatus}: ${StackStatusReason}`)
  return Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))
}

const create = async (world: World): Promise<string> => {
  const { client, asked } = stackOf(world)
  const make = (changed: Readonly<Record<string, string>>) =>
    client.send(new CreateStackCommand({ ...asked, Parameters: parametersOf(world, changed) }))
  const refusal = await make({ ...CHANGED, Issuer: 'http://tokens.release.example' }).catch(String)
  expect(/expected an https URL/.test(String(refusal)), `a plain issuer is not refused: ${refusal}`)
  await make(CHANGED)
  const { ValidateUrl = '', Issuer } = await settled(world, 'CREATE_COMPLETE')
  expect(ValidateUrl.endsWith(CHANGED.ValidatePath), `ValidateUrl: ${ValidateUrl}`)
  expect(Issuer === ISSUER, `Issuer: ${Issuer}`)
  await world.stage.outputs()
  await keepsLogsFor(world, CHANGED.LogRetentionInDays)
  return `an issuer without https is refused; ${await firstKeys(world)}; ValidateUrl ends in ${CHANGED.ValidatePath}`
}

const keepsLogsFor = async ({ stage }: World, days: string): Promise<void> => {
  const found = await stage.logRetentions()
  expect(found.join() === days, `logs are kept for ${found} days`)
}

const use = async (world: World): Promise<string> => {
  await callerKey(world)
  await users(world)
  const token = await issue(world, LIFETIME_SECONDS)
  const [, payload = ''] = token.split('.')
  const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string }
  expect(iss === ISSUER, `iss: expected ${ISSUER}, got ${iss}`)
  return ask(world, token, CHANGED.ValidatePath)
}

/** What CEC does, at a path. Throws unless the token is valid. */
const ask = async ({ stage }: World, Token: string, path: string): Promise<string> => {
  const body = JSON.stringify({ Token, ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
  const headers = { 'content-type': 'application/json' }
  const answer = await stage.call({ method: 'POST', path, headers, body })
  expect(bodyOf<{ retCode: number }>(answer, 200).retCode === 0, `the token is refused: ${answer.text}`)
  return answer.text
}

const update = async (world: World): Promise<string> => {
  const { client, asked } = stackOf(world)
  const token = await issue(world, LIFETIME_SECONDS)
  await client.send(new UpdateStackCommand({ ...asked, Parameters: parametersOf(world, CHANGED_AGAIN) }))
  await settled(world, 'UPDATE_COMPLETE')
  await world.stage.outputs()
  await keepsLogsFor(world, CHANGED_AGAIN.LogRetentionInDays)
  const old = await world.stage.call({ method: 'POST', path: CHANGED.ValidatePath, body: '{}' })
  expect(old.status === 404, `the old path is answered with ${old.status}`)
  return `${await ask(world, token, CHANGED_AGAIN.ValidatePath)} for a token of before; the old path is 404`
}

const remove = async (world: World): Promise<string> => {
  const { stage } = world
  const { client, StackName } = stackOf(world)
  await client.send(new DeleteStackCommand({ StackName }))
  await eventually(
    () =>
      client.send(new DescribeStacksCommand({ StackName })).then(
        ({ Stacks: [found] = [] }) => (found?.StackStatus === 'DELETE_COMPLETE' ? true : undefined),
        () => true as const,
      ),
    { seconds: 240, sentence: `CloudFormation has not deleted the stack ${StackName}` },
  )
  const names = await stage.secretNames()
  const tables = await stage.tableNames()
  expect(names.join() === 'callers,jwks,signing-key', `secrets: ${names}`)
  expect(tables.length === 2, `tables: ${tables}`)
  stage.close()
  return `left: the secrets ${names.join(', ')} and the tables ${tables.join(', ')}`
}
