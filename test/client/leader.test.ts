import { describe, expect, it, vi } from 'vitest'
import { createLeader } from '../../client/src/leader.ts'
import type { Note } from '../../client/src/notes.ts'
import { NEVER, newWorld } from './world.ts'

const newLeader = () => {
  const sent: unknown[] = []
  const told: Note[] = []
  const leader = createLeader(newWorld().environment, {
    calls: {
      applyToken: async () => {},
      send: async (message) => void sent.push(message),
      poll: async () => [],
      ask: async () => ({}),
      chatToken: () => ({ token: 'chat-1', since: 0 }),
    },
    line: { tell: (note) => void told.push(note) },
    isSeen: () => true,
    wake: () => NEVER,
    signal: NEVER,
  })
  return { leader, sent, told }
}

describe('client/src/leader', () => {
  it('sends once what is handed over twice, and twice what is said twice', async () => {
    const { leader, sent } = newLeader()
    leader.send('tab:1', 'Hello')
    leader.send('tab:1', 'Hello')
    leader.send('tab:2', 'Hello')
    leader.send('tab:3', 'the last')
    await vi.waitFor(() => expect(sent).toEqual(['Hello', 'Hello', 'the last']))
  })

  it('says that a message is on its way before it is, and what came of it after', async () => {
    const { leader, told } = newLeader()
    leader.send('tab:1', 'Hello')
    await vi.waitFor(() =>
      expect(told).toEqual([
        { kind: 'taken', id: 'tab:1' },
        { kind: 'sent', id: 'tab:1', message: 'Hello', failure: undefined },
      ]),
    )
  })

  it('goes on with a chat that is known: no applyToken, no CONNECT', async () => {
    const { leader, sent, told } = newLeader()
    leader.tellChat()
    expect(told).toEqual([])
    await leader.begin()
    expect([sent, told]).toEqual([[], [{ kind: 'chat', token: 'chat-1', ageMs: 1000, isNew: true }]])
  })
})
