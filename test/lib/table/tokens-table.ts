/** A tokens table of its own on loopback, and the environment in which a client finds it. */

import { type LocalDynamoDb, startDynamoDb } from '../../../tools/local/dynamodb.ts'
import { TOKENS_TABLE, tokensResources } from '../../support/world.ts'

export const TOKENS = TOKENS_TABLE

export const startTokensTable = async (): Promise<LocalDynamoDb> => {
  const dynamoDb = await startDynamoDb(tokensResources(TOKENS))
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
  })
  return dynamoDb
}
