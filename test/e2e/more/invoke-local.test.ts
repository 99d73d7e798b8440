import { describe, expect, it } from 'vitest'
import { DESCRIPTORS } from '../../support/descriptors.ts'
import { expectAll } from '../invoke.ts'

/**
 * Every function once, and every kind of event that a placeholder makes. The others differ in what the handler makes of
 * them, which test/events.test.ts sees in a fraction of the time.
 */
const THROUGH_THE_TOOL = [
  'issueEnterpriseToken/ok',
  'issueAccessToken/ok',
  'validateEnterpriseToken/ok',
  'validateEnterpriseToken/expired',
  'validateEnterpriseToken/tampered',
  'validateEnterpriseToken/unknown-user',
  'validateEnterpriseToken/base64-body',
  'revokeEnterpriseTokens/token',
  'putUser/ok',
  'batchUsers/one-wrong',
  'queryUsers/ok',
  'listUsers/ok',
  'jwks/ok',
  'applyToken/ok',
  'applyToken/access-token',
  'chatRelay/send-connect',
  'chatRelay/poll',
  'chatCalls/history',
  'uploadFileStream/ok',
  'downloadFileStream/ok',
  'appCubeToken/ok',
  'oiapThirdPartyToken/ok',
  'liveMessageToken/ok',
  'liveImToken/ok',
  'liveRtcToken/access-token',
  'auiLiveToken/v1',
  'auiRtcToken/room',
  'issueAgentToken/ok',
  'validateAgentToken/ok',
]

describe('serverless invoke local', () => {
  it('is tried with every function that has a route', () => {
    const tried = THROUGH_THE_TOOL.map((event) => event.split('/')[0])
    expect([...new Set(tried)].sort()).toEqual(DESCRIPTORS.map(({ name }) => name).sort())
  })

  it('answers events as expected, and leaves no process behind', () => expectAll(THROUGH_THE_TOOL), 300_000)
})
