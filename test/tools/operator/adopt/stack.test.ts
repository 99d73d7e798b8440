/** The requests of CloudFormation's API reference, recorded; a stack's life as its guide to imports describes it. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalServer, startHttpServer } from '../../../../tools/local/http-server.ts'
import { awsStack, type Import, type Stack } from '../../../../tools/operator/adopt/stack.ts'
import { secret } from '../../../support/canary.ts'

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:cec-token-bridge/prod/callers-Ab1Cd2'
const CALLERS: Import = {
  id: 'CallersSecret',
  type: 'AWS::SecretsManager::Secret',
  name: 'cec-token-bridge/prod/callers',
  identifier: { Id: ARN },
  definition: {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { Name: 'cec-token-bridge/prod/callers' },
  },
}

let server: LocalServer
let stack: Stack
/** As DescribeStacks tells it; undefined for no stack. */
let status: string | undefined
let template: object
let members: readonly (readonly [id: string, status: string])[]
/** Why CloudFormation refuses; undefined when it does not. */
let refusal: string | undefined
let importEndsIn: string
let calls: URLSearchParams[]

const answers: Readonly<Record<string, () => string>> = {
  DescribeStacks: () =>
    `<Stacks><member><StackName>s</StackName><CreationTime>2026-11-28T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus></member></Stacks>`,
  ListStackResources: () =>
    `<StackResourceSummaries>${members
      .map(
        ([id, state]) =>
          `<member><LogicalResourceId>${id}</LogicalResourceId><ResourceType>T</ResourceType><LastUpdatedTimestamp>2026-11-28T00:00:00Z</LastUpdatedTimestamp><ResourceStatus>${state}</ResourceStatus></member>`,
      )
      .join('')}</StackResourceSummaries>`,
  GetTemplate: () => `<TemplateBody>${JSON.stringify(template)}</TemplateBody>`,
  CreateChangeSet: () => {
    status ??= 'REVIEW_IN_PROGRESS'
    return '<Id>arn:changeset</Id>'
  },
  DescribeChangeSet: () =>
    refusal === undefined
      ? '<Status>CREATE_COMPLETE</Status>'
      : `<Status>FAILED</Status><StatusReason>${refusal}</StatusReason>`,
  ExecuteChangeSet: () => {
    status = importEndsIn
    return ''
  },
  DeleteChangeSet: () => '',
  DeleteStack: () => {
    status = undefined
    return ''
  },
}

beforeEach(async () => {
  status = undefined
  template = {}
  members = []
  refusal = undefined
  importEndsIn = 'IMPORT_COMPLETE'
  calls = []
  server = await startHttpServer({
    handle: ({ body }, response) => {
      const call = new URLSearchParams(String(body))
      calls.push(call)
      const action = call.get('Action') ?? ''
      const isAbsent = status === undefined && action === 'DescribeStacks'
      const text = isAbsent
        ? '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id cec-token-bridge-prod does not exist</Message></Error></ErrorResponse>'
        : `<${action}Response><${action}Result>${answers[action]?.() ?? ''}</${action}Result></${action}Response>`
      response.writeHead(isAbsent ? 400 : 200, { 'content-type': 'text/xml' }).end(text)
    },
  })
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: secret('AWS secret key', 'unused-secret-access-key'),
    AWS_ENDPOINT_URL_CLOUDFORMATION: server.url,
  })
  stack = awsStack('prod', { periodMs: 5, mostMs: 2_000 })
})
afterEach(async () => {
  stack.close()
  await server.close()
})

const call = (action: string) => calls.find((sent) => sent.get('Action') === action)
const actions = () => calls.map((sent) => sent.get('Action'))

describe('tools/operator/adopt/stack: takeIn', () => {
  it('makes a new stack of what was left behind, by a change set of type IMPORT', async () => {
    await stack.takeIn([CALLERS])
    expect(Object.fromEntries(call('CreateChangeSet') ?? [])).toMatchObject({
      StackName: 'cec-token-bridge-prod',
      ChangeSetType: 'IMPORT',
      'ResourcesToImport.member.1.ResourceType': 'AWS::SecretsManager::Secret',
      'ResourcesToImport.member.1.LogicalResourceId': 'CallersSecret',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.key': 'Id',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.value': ARN,
    })
    expect(JSON.parse(call('CreateChangeSet')?.get('TemplateBody') ?? '')).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: { CallersSecret: CALLERS.definition },
    })
    expect(call('ExecuteChangeSet')?.get('ChangeSetName')).toBe(call('CreateChangeSet')?.get('ChangeSetName'))
  })

  it('leaves what a stack holds as it is: an import may change nothing of it', async () => {
    status = 'UPDATE_ROLLBACK_COMPLETE'
    template = { Outputs: { A: 1 }, Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } }
    await stack.takeIn([CALLERS])
    expect(JSON.parse(call('CreateChangeSet')?.get('TemplateBody') ?? '')).toEqual({
      Outputs: { A: 1 },
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' }, CallersSecret: CALLERS.definition },
    })
  })

  it('says why CloudFormation refuses, executes nothing, and leaves no empty stack in the way of a deployment', async () => {
    refusal = 'CallersSecret is in another stack'
    await expect(stack.takeIn([CALLERS])).rejects.toThrow(
      'CloudFormation does not import: CallersSecret is in another stack',
    )
    expect(actions()).not.toContain('ExecuteChangeSet')
    expect(actions().slice(-2)).toEqual(['DeleteChangeSet', 'DeleteStack'])
  })

  it('never deletes a stack that was there before', async () => {
    status = 'UPDATE_COMPLETE'
    refusal = 'no'
    await expect(stack.takeIn([CALLERS])).rejects.toThrow('CloudFormation does not import: no')
    expect(actions()).not.toContain('DeleteStack')
  })

  it.each(['IMPORT_ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE'])(
    'says where to look when it ends in %s',
    async (end) => {
      importEndsIn = end
      await expect(stack.takeIn([CALLERS])).rejects.toThrow(
        `The import has ended in ${end}. The stack's events say why: aws cloudformation describe-stack-events`,
      )
    },
  )

  it('refuses a template longer than a request may hold, and names what is in the way', async () => {
    status = 'UPDATE_COMPLETE'
    template = { Resources: { Long: { Type: 'x'.repeat(51_200) } } }
    await expect(stack.takeIn([CALLERS])).rejects.toThrow(
      'Delete what is in the way, or give it another name: cec-token-bridge/prod/callers.',
    )
    expect(actions()).not.toContain('CreateChangeSet')
  })
})

describe('tools/operator/adopt/stack: holds', () => {
  it('holds nothing where there is no stack, or one that was never executed', async () => {
    expect([...(await stack.holds())]).toEqual([])
    status = 'REVIEW_IN_PROGRESS'
    expect([...(await stack.holds())]).toEqual([])
  })

  it('holds what is listed, and not what was deleted', async () => {
    status = 'UPDATE_COMPLETE'
    members = [
      ['CallersSecret', 'CREATE_COMPLETE'],
      ['JwksSecret', 'IMPORT_COMPLETE'],
      ['DirectoryTable', 'DELETE_COMPLETE'],
    ]
    expect([...(await stack.holds())]).toEqual(['CallersSecret', 'JwksSecret'])
  })

  it.each([
    'CREATE_COMPLETE',
    'UPDATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'IMPORT_COMPLETE',
    'IMPORT_ROLLBACK_COMPLETE',
  ])('takes a stack in %s', async (state) => {
    status = state
    await expect(stack.holds()).resolves.toEqual(new Set())
  })

  it.each([
    ['UPDATE_IN_PROGRESS', 'is being changed (UPDATE_IN_PROGRESS). Wait until that has come to its end'],
    ['DELETE_IN_PROGRESS', 'is being changed (DELETE_IN_PROGRESS). Wait until'],
    [
      'ROLLBACK_COMPLETE',
      'is in ROLLBACK_COMPLETE, and takes nothing in. Remove it with npx serverless remove',
    ],
    ['UPDATE_ROLLBACK_FAILED', 'is in UPDATE_ROLLBACK_FAILED, and takes nothing in.'],
  ])('refuses a stack in %s with a next step', async (state, sentence) => {
    status = state
    await expect(stack.holds()).rejects.toThrow(sentence)
  })
})
