import { beforeEach, describe, expect, it } from 'vitest'
import type { Found } from '../../../tools/operator/adopt/account.ts'
import type { Kept } from '../../../tools/operator/adopt/kept.ts'
import type { Import } from '../../../tools/operator/adopt/stack.ts'
import { adopt } from '../../../tools/operator/adopt.ts'

const kept = (id: string, type: Kept['type'], name: string): Kept => ({
  ...{ id, type, name },
  definition: { Type: type, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: {} },
})
const KEPT = [
  kept('CallersSecret', 'AWS::SecretsManager::Secret', 'cec-token-bridge/prod/callers'),
  kept('DirectoryTable', 'AWS::DynamoDB::Table', 'cec-token-bridge-prod-directory'),
  kept('JwksLogGroup', 'AWS::Logs::LogGroup', '/aws/lambda/cec-token-bridge-prod-jwks'),
]
const ARGS = { stage: 'prod', region: 'eu-west-1', parameters: [], isConfirmed: false }

let inAccount: Map<string, Found>
let inStack: Set<string>
let done: string[]
let taken: readonly Import[]
let said: string[]
let answer: boolean | undefined

beforeEach(() => {
  inAccount = new Map(KEPT.map(({ name }) => [name, { identifier: { Id: name } }]))
  inStack = new Set()
  ;[done, taken, said] = [[], [], []]
  answer = undefined
})

const run = (isConfirmed = false) =>
  adopt({ ...ARGS, isConfirmed }, KEPT, {
    account: async (_type, name) => inAccount.get(name),
    stack: {
      holds: async () => inStack,
      takeIn: async (imports) => {
        done.push('import')
        taken = imports
      },
    },
    confirm: async (question) => {
      done.push(question)
      if (answer === undefined) throw new Error('Nothing was done: nobody can be asked here.')
      return answer
    },
    say: (line) => said.push(line),
  })

/** As after `aws secretsmanager delete-secret`. */
const markCallers = () =>
  inAccount.set('cec-token-bridge/prod/callers', {
    identifier: { Id: 'arn' },
    restore: async () => {
      done.push('restore')
    },
  })

describe('tools/operator/adopt', () => {
  it('has the stack take in all that was left behind, and says what to do next', async () => {
    expect(await run()).toEqual({ restored: [], adopted: KEPT.map(({ name }) => name) })
    expect(done).toEqual(['import'])
    expect(taken.map(({ id, identifier }) => [id, identifier])).toEqual(
      KEPT.map(({ id, name }) => [id, { Id: name }]),
    )
    expect(said.at(-1)).toContain('Now: npx serverless deploy --stage prod --region eu-west-1')
  })

  it('leaves to the deployment what is not there, and what the stack holds already', async () => {
    inAccount.delete('/aws/lambda/cec-token-bridge-prod-jwks')
    inStack.add('DirectoryTable')
    await run()
    expect(taken.map(({ id }) => id)).toEqual(['CallersSecret'])
  })

  it('does nothing where nothing is left behind', async () => {
    inStack = new Set(KEPT.map(({ id }) => id))
    await run()
    expect(done).toEqual([])
    expect(said).toEqual(['Nothing is left behind outside the stack: there is nothing to adopt.'])
  })

  it('restores a secret that is marked for deletion before the import, once the operator agrees', async () => {
    markCallers()
    answer = true
    await run()
    expect(done).toEqual(['Restore it as it was?', 'restore', 'import'])
    expect(said[0]).toContain('  cec-token-bridge/prod/callers')
  })

  it('does nothing when the operator does not agree, and says how to be rid of the secret', async () => {
    markCallers()
    answer = false
    await expect(run()).rejects.toThrow(
      'Nothing was done. To be rid of it instead, and begin with an empty one: ' +
        'aws secretsmanager delete-secret --secret-id cec-token-bridge/prod/callers --force-delete-without-recovery',
    )
    expect(done).toEqual(['Restore it as it was?'])
  })

  it('does nothing where nobody can be asked, and restores unasked with --yes', async () => {
    markCallers()
    await expect(run()).rejects.toThrow('Nothing was done')
    expect(done).toEqual(['Restore it as it was?'])
    done = []
    await run(true)
    expect(done).toEqual(['restore', 'import'])
  })

  it('restores what the stack holds as well: its name would stay taken, and its value unread', async () => {
    inStack = new Set(KEPT.map(({ id }) => id))
    markCallers()
    await run(true)
    expect(done).toEqual(['restore'])
  })
})
