/** A stage's stack, and the import of resources into it. The only module that touches CloudFormation. */

import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import type { Found } from './account.ts'
import type { Kept } from './kept.ts'

export type Import = Kept & Pick<Found, 'identifier'>

export interface Stack {
  /** The names within the template of what the stack holds; none where there is no stack. Throws where it cannot be changed now. */
  readonly holds: () => Promise<ReadonlySet<string>>
  /** Takes resources in as they are. Throws what CloudFormation says when it refuses; nothing is changed then. */
  readonly takeIn: (imports: readonly Import[]) => Promise<void>
  readonly close: () => void
}

/** In these states a stack takes an import. CloudFormation refuses all others. */
const READY = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/
/** What a change set that was never executed leaves: a stack without anything in it. */
const EMPTY = 'REVIEW_IN_PROGRESS'
/** Of a template in a request, in bytes: the API reference has it. */
const LONGEST_TEMPLATE = 51_200
const CHANGE_SET = 'adopt'

export interface Patience {
  /** How often to ask, and for how long. */
  readonly periodMs: number
  readonly mostMs: number
}

export const awsStack = (
  stage: string,
  { periodMs, mostMs }: Patience = { periodMs: 2_000, mostMs: 600_000 },
): Stack => {
  const client = new CloudFormationClient({ maxAttempts: 5 })
  const StackName = `cec-token-bridge-${stage}`
  const ChangeSetName = CHANGE_SET

  /** Undefined where there is none, or an empty one. */
  const status = async (): Promise<string | undefined> => {
    try {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }))
      const found = Stacks[0]?.StackStatus
      return found === EMPTY ? undefined : found
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) return undefined
      throw error
    }
  }

  const ready = async (): Promise<boolean> => {
    const found = await status()
    if (found !== undefined && !READY.test(found)) throw new Error(notReady(StackName, found))
    return found !== undefined
  }

  const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
    for (const endsAt = performance.now() + mostMs; performance.now() < endsAt; await sleep(periodMs)) {
      const answer = await ask()
      if (answer !== undefined) return answer
    }
    throw new Error(
      `CloudFormation has not answered in ${mostMs / 1000} s. Look at the stack ${StackName}, then run this again.`,
    )
  }

  const templateOf = async (isThere: boolean): Promise<{ Resources?: object }> => {
    if (!isThere) return { AWSTemplateFormatVersion: '2010-09-09' } as object
    const { TemplateBody = '{}' } = await client.send(
      new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
    )
    return JSON.parse(TemplateBody)
  }

  const create = async (imports: readonly Import[], isThere: boolean): Promise<void> => {
    const template = await templateOf(isThere)
    const added = Object.fromEntries(imports.map(({ id, definition }) => [id, definition]))
    const TemplateBody = JSON.stringify({ ...template, Resources: { ...template.Resources, ...added } })
    if (Buffer.byteLength(TemplateBody) > LONGEST_TEMPLATE) throw new Error(tooLong(StackName, imports))
    await client.send(
      new CreateChangeSetCommand({
        ...{ StackName, ChangeSetName, TemplateBody, ChangeSetType: 'IMPORT' },
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
        ResourcesToImport: imports.map(({ id, type, identifier }) => ({
          ...{ LogicalResourceId: id, ResourceType: type, ResourceIdentifier: { ...identifier } },
        })),
      }),
    )
    const fault = await until(async () => {
      const { Status = '', StatusReason } = await client.send(
        new DescribeChangeSetCommand({ StackName, ChangeSetName }),
      )
      if (Status === 'CREATE_COMPLETE') return ''
      return Status === 'FAILED' ? (StatusReason ?? 'no reason is given') : undefined
    })
    if (fault !== '') throw new Error(`CloudFormation does not import: ${fault}`)
  }

  /** A stack that only its refused change set has made would stop the next deployment. It holds nothing. */
  const undo = async (isThere: boolean): Promise<void> => {
    await client.send(new DeleteChangeSetCommand({ StackName, ChangeSetName }))
    if (!isThere) await client.send(new DeleteStackCommand({ StackName }))
  }

  return {
    holds: async () => {
      const ids = new Set<string>()
      if (!(await ready())) return ids
      for await (const { StackResourceSummaries = [] } of paginateListStackResources(
        { client },
        { StackName },
      ))
        for (const { LogicalResourceId = '', ResourceStatus = '' } of StackResourceSummaries)
          if (!ResourceStatus.startsWith('DELETE_')) ids.add(LogicalResourceId)
      return ids
    },
    takeIn: async (imports) => {
      const isThere = await ready()
      try {
        await create(imports, isThere)
      } catch (error) {
        await undo(isThere).catch(() => undefined)
        throw error
      }
      await client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName }))
      const ended = await until(async () => {
        const found = await status()
        return found?.endsWith('_IN_PROGRESS') ? undefined : (found ?? 'gone')
      })
      if (ended !== 'IMPORT_COMPLETE')
        throw new Error(
          `The import has ended in ${ended}. The stack's events say why: aws cloudformation describe-stack-events --stack-name ${StackName}`,
        )
    },
    close: () => client.destroy(),
  }
}

const notReady = (stack: string, status: string): string =>
  status.endsWith('_IN_PROGRESS')
    ? `The stack ${stack} is being changed (${status}). Wait until that has come to its end, and run this again.`
    : `The stack ${stack} is in ${status}, and takes nothing in. Remove it with npx serverless remove, which keeps what stays, and run this again.`

const tooLong = (stack: string, imports: readonly Import[]): string =>
  `The template of ${stack} is longer than CloudFormation takes with an import. Delete what is in the way, or give it another name: ${imports.map(({ name }) => name).join(', ')}.`
