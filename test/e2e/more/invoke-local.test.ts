import { describe, expect, it } from 'vitest'
import { DESCRIPTORS } from '../../support/descriptors.ts'
import { answerIn, expectAll, invoke, invokeJwks } from '../invoke.ts'

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

  it('makes the keys of a rotation', async () => {
    const { code, stdout, leftNothing } = await invoke('rotateSigningKey/createSecret')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout).toContain('"code":"ROTATION_STEP_DONE"')
  })

  it('warms the emulators’ tokens, and prints what it has done', async () => {
    const { code, stdout, leftNothing } = await invoke('prewarmTokens/schedule')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout.match(/"code":"MACHINE_TOKEN_FETCHED"/g)).toHaveLength(3)
    expect(answerIn(stdout)).toEqual({
      due: 0,
      found: 3,
      refreshed: 3,
      upToDate: 0,
      dropped: 0,
      failed: 0,
      endangered: 0,
      left: 0,
      withoutKey: 0,
      notListed: 0,
      isSweepUnfinished: false,
    })
  })

  it('waits for what a function does while it loads', async () => {
    const { code, stdout, leftNothing } = await invokeJwks(
      "const body = await Promise.resolve('loaded')\nexport const handler = async () => ({ statusCode: 200, body })\n",
    )
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(answerIn(stdout)).toEqual({ statusCode: 200, body: 'loaded' })
  })
})
