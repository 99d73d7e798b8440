import { describe, expect, it } from 'vitest'
import { Conversations } from '../../../../../tools/local/upstreams/cec/conversations.ts'

const LONG_MS = 60_000
const MESSAGE = { content: 'Good morning' }
const here = () => new AbortController().signal

describe('tools/local/upstreams/cec/conversations', () => {
  it('wakes a waiting poll long before its time is over', async () => {
    const conversations = new Conversations()
    const waiting = conversations.take('session', LONG_MS, here())
    conversations.deliver('session', MESSAGE)

    expect(await waiting).toEqual([MESSAGE])
  })

  it('gives a message to one of two waiting polls', async () => {
    const conversations = new Conversations()
    const waiting = [1, 2].map(() => conversations.take('session', LONG_MS, here()))
    conversations.deliver('session', MESSAGE)

    expect((await Promise.all(waiting)).flat()).toEqual([MESSAGE])
  })

  it('leaves another session waiting', async () => {
    const conversations = new Conversations()
    const waiting = conversations.take('other', 20, here())
    conversations.deliver('session', MESSAGE)

    expect(await waiting).toEqual([])
  })

  it('gives nothing to a poll whose client has gone', async () => {
    const conversations = new Conversations()
    conversations.deliver('session', MESSAGE)

    expect(await conversations.take('session', LONG_MS, AbortSignal.abort())).toEqual([])
    expect(await conversations.take('session', LONG_MS, here())).toEqual([MESSAGE])
  })
})
