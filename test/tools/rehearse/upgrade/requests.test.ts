import { describe, expect, it } from 'vitest'
import type { World } from '../../../../tools/rehearse/steps/world.ts'
import { expectRetCode, type Given, jobs } from '../../../../tools/rehearse/upgrade/requests.ts'

const VALID = '{"retCode":0,"message":"validate success"}'

/** A stage that answers every request with this. */
const worldOf = (status: number, text: string): World =>
  ({
    stage: { call: async () => ({ status, text }) },
    callerKey: 'ctb_none',
    vendorSecrets: {},
  }) as unknown as World
const given = (): Given => ({
  ...{ tokens: ['token'], chatToken: '', revoked: '' },
  ...{ accessToken: '', otherAccessToken: '' },
})

describe('tools/rehearse/upgrade/requests', () => {
  it('knows the one answer about a good token, and any other for wrong', () => {
    expect(() => expectRetCode({ status: 200, text: VALID }, 0)).not.toThrow()
    expect(() =>
      expectRetCode({ status: 200, text: '{"retCode":5,"message":"user not admitted"}' }, 5),
    ).not.toThrow()
    for (const text of ['{"retCode":0,"message":"ok"}', '{"retCode":6,"message":"cannot be checked now"}'])
      expect(() => expectRetCode({ status: 200, text }, 0)).toThrow('expected retCode 0, got 200')
    expect(() => expectRetCode({ status: 503, text: VALID }, 0)).toThrow('expected retCode 0, got 503')
  })

  it.each(jobs(worldOf(200, ''), given()).map(({ name }) => name))(
    '%s: takes neither a failure for an answer, nor that everything is let in',
    async (name) => {
      const ask = (status: number, text: string) =>
        jobs(worldOf(status, text), given())
          .find((job) => job.name === name)
          ?.ask()
      await expect(ask(503, '{"message":"Service Unavailable"}')).rejects.toThrow()
      await expect(ask(500, '{}')).rejects.toThrow()
    },
  )

  it.each(['validate for another user', 'validate what was revoked', 'an unknown caller key'])(
    '%s: takes a success for wrong',
    async (name) => {
      const job = jobs(worldOf(200, VALID), given()).find((one) => one.name === name)
      await expect(job?.ask()).rejects.toThrow()
    },
  )

  it('keeps each token that is issued, for later questions', async () => {
    const known = given()
    const [issue] = jobs(worldOf(201, '{"token":"another"}'), known)
    await issue?.ask()
    expect(known.tokens).toEqual(['token', 'another'])
  })
})
