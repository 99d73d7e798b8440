import { describe, expect, it } from 'vitest'
import { madeChannelId } from '../../../../../lib/vendors/live/aui/channel.ts'

describe('lib/vendors/live/aui/channel', () => {
  it('is of 32 letters and digits, out of the bits of the id, and begins as no channel of digits does', () => {
    const newId = () => Buffer.from('0123456789abcdef0123456789abcdef', 'hex').toString('base64url')

    expect(madeChannelId(newId)).toBe('ctb0123456789abcdef0123456789abc')
    expect(madeChannelId(newId)).toHaveLength(32)
  })
})
