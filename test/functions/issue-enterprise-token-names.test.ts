import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { GOOD, good, issue, useIssuingWorld, validate, world } from '../support/issuing-world.ts'
import { SPELLINGS } from '../support/texts.ts'
import { call, TENANT } from '../support/world.ts'

useIssuingWorld()

describe('POST /enterprise-tokens: ids and names', () => {
  it.each([
    ['Chinese', '\u5f20\u4e09', '\u5f20\u4e09'],
    ['a blank within', 'a b', 'Tom Smith'],
    ['a plus sign', '+8613800138000', 'Tom'],
    ['32 characters of four bytes', '\u{20000}'.repeat(32), '\u{20000}'.repeat(256)],
  ])(
    'issues a token that validates to a user whose id and name are any text: %s',
    async (_, userId, userName) => {
      await world.putUser({ userId, userName })
      const { status, body } = await call(world, issue, { ...good(), body: { ...GOOD, userId, userName } })
      expect(status).toBe(201)
      expect(body.thirdUserData).toEqual({
        thirdUserToken: body.token,
        thirdUserName: userName,
        thirdUserId: userId,
      })
      const question = { Token: body.token, userId, userName, tenantSpaceId: TENANT }
      expect((await call(world, validate, { body: question })).body.retCode).toBe(0)
    },
  )

  describe.each(SPELLINGS)('a userName with %s', (_, given, kept) => {
    it.each([
      ['as it was given', given],
      ['as it is kept', kept],
    ])(
      'is found by one that the directory has %s, answered in NFC, and validated in either form',
      async (_how, known) => {
        const userId = `spelt-${randomBytes(4).toString('hex')}`
        await world.putUser({ userId, userName: known })
        for (const userName of [given, kept]) {
          const { status, body } = await call(world, issue, {
            ...good(),
            body: { ...GOOD, userId, userName },
          })
          expect([status, body.thirdUserData?.thirdUserName]).toEqual([201, kept])
          for (const asked of [given, kept]) {
            const question = { Token: body.token, userId, userName: asked, tenantSpaceId: TENANT }
            expect((await call(world, validate, { body: question })).line.code).toBe('TOKEN_VALID')
          }
        }
      },
    )
  })
})
