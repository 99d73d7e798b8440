/** The directory's table, and the one that was restored beside it: every item read, and what puts one back. */

import { PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { tenantKey } from '../../../lib/directory/items.ts'
import { documentClient, isConditionFailure } from '../../../lib/dynamodb.ts'

export interface Item {
  readonly pk: string
  readonly kind?: unknown
  readonly [attribute: string]: unknown
}

export interface Page {
  readonly items: readonly Item[]
  /** After which key the next page begins; undefined behind the last one. */
  readonly next: string | undefined
}

export interface Tables {
  /** All items, or their keys alone, page by page. */
  readonly pages: (
    table: string,
    options?: { readonly after?: string; readonly keysOnly?: boolean },
  ) => AsyncIterable<Page>
  /** Raises a tenant's epoch to this number. One that is as high already stays. */
  readonly raise: (tenantSpaceId: string, epoch: number) => Promise<void>
  /**
   * Puts an item back as it was. False, and nothing done, where the table has the user as deleted, or as disabled and the item does not.
   * A tombstone that lasts less long than `keepsUntil` (epoch seconds) does not count; 0 lets each count. Tombstones and items of other
   * kinds are put where there is none.
   */
  readonly put: (item: Item, keepsUntil: number) => Promise<boolean>
  readonly disable: (pk: string) => Promise<void>
  readonly close: () => void
}

export const isUser = ({ kind }: Item): boolean => kind === 'user'
export const isPresentUser = (item: Item): boolean => isUser(item) && item['status'] !== 'deleted'

/** Without an end: were the item swept, whoever asks for a token would enter the user again. */
export const disabledItem = ({ justInTime: _, expiresAt: __, ...item }: Item): Item => ({
  ...(item as Item),
  status: 'disabled',
})

export const openTables = (directory: string): Tables => {
  const client = documentClient({ connectMs: 3_000, requestMs: 5_000, attempts: 8 })
  const written = (command: PutCommand | UpdateCommand): Promise<boolean> =>
    client.send(command as UpdateCommand).then(
      () => true,
      (error: unknown) => {
        if (isConditionFailure(error)) return false
        throw error
      },
    )
  return {
    pages: async function* (TableName, { after, keysOnly = false } = {}) {
      const found = paginateScan(
        { client },
        {
          TableName,
          ConsistentRead: true,
          ...(after === undefined ? {} : { ExclusiveStartKey: { pk: after } }),
          ...(keysOnly ? { ProjectionExpression: 'pk' } : {}),
        },
      )
      for await (const { Items = [], LastEvaluatedKey } of found)
        yield { items: Items as Item[], next: LastEvaluatedKey?.['pk'] as string | undefined }
    },
    raise: async (tenantSpaceId, epoch) => {
      await written(
        new UpdateCommand({
          TableName: directory,
          Key: { pk: tenantKey(tenantSpaceId) },
          UpdateExpression: 'SET #epoch = :epoch',
          ConditionExpression: 'attribute_not_exists(#epoch) OR #epoch < :epoch',
          ExpressionAttributeNames: { '#epoch': 'epoch' },
          ExpressionAttributeValues: { ':epoch': epoch },
        }),
      )
    },
    put: (item, keepsUntil) =>
      written(
        new PutCommand({
          TableName: directory,
          Item: item,
          ...(isPresentUser(item)
            ? {
                ConditionExpression:
                  'attribute_not_exists(#status) OR NOT #status IN (:deleted, :shut) OR (#status = :deleted AND #expiresAt < :until)',
                ExpressionAttributeNames: { '#status': 'status', '#expiresAt': 'expiresAt' },
                ExpressionAttributeValues: {
                  ...{ ':deleted': 'deleted', ':until': keepsUntil },
                  // A disabled user may be written over by an item that is disabled too.
                  ':shut': item['status'] === 'disabled' ? 'deleted' : 'disabled',
                },
              }
            : { ConditionExpression: 'attribute_not_exists(pk)' }),
        }),
      ),
    disable: async (pk) => {
      await written(
        new UpdateCommand({
          TableName: directory,
          Key: { pk },
          UpdateExpression: 'SET #status = :disabled ADD #epoch :one REMOVE justInTime, expiresAt',
          ConditionExpression: '#status = :active',
          ExpressionAttributeNames: { '#status': 'status', '#epoch': 'epoch' },
          ExpressionAttributeValues: { ':disabled': 'disabled', ':active': 'active', ':one': 1 },
        }),
      )
    },
    close: () => client.destroy(),
  }
}
