import { describe, expect, it } from 'vitest'
import { type ControlOf, pageObject } from '../../client/src/page-object.ts'

const GOOD: ControlOf = {
  thirdUserData: { thirdUserToken: 'eyJ', thirdUserName: 'Tom', thirdUserId: '10010001' },
  tenantSpaceId: '202007159031',
  channelConfigId: 'web-channel-1',
  locale: 'en',
  timestamp: 1_700_000_000_000,
  transData: '{"page":"offer"}',
}

describe('client/src/page-object', () => {
  it('holds the eight members, each a string', () => {
    expect(pageObject(GOOD)).toEqual({
      thirdUserToken: 'eyJ',
      thirdUserName: 'Tom',
      thirdUserId: '10010001',
      tenantSpaceId: '202007159031',
      channelConfigId: 'web-channel-1',
      locale: 'en',
      timestamp: '1700000000000',
      transData: '{"page":"offer"}',
    })
  })

  it('fills in the time and no data of its own', () => {
    const { timestamp: _, transData: __, ...rest } = GOOD
    expect(pageObject(rest)).toMatchObject({ timestamp: expect.stringMatching(/^\d{13}$/), transData: '' })
  })

  it.each(['tenantSpaceId', 'channelConfigId', 'locale'])('refuses an object without %s', (name) => {
    for (const value of [undefined, '', 7]) {
      expect(() => pageObject({ ...GOOD, [name]: value })).toThrow(new TypeError(`${name}: expected a text`))
    }
  })

  it.each(['thirdUserToken', 'thirdUserName', 'thirdUserId'])('refuses an object without %s', (name) => {
    const thirdUserData = { ...GOOD.thirdUserData, [name]: '' }
    expect(() => pageObject({ ...GOOD, thirdUserData })).toThrow(new TypeError(`${name}: expected a text`))
  })
})
