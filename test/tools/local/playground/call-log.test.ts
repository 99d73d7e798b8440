import { describe, expect, it } from 'vitest'
import { type Call, createCallLog, type SeenCall } from '../../../../tools/local/playground/call-log.ts'

const call = (url: string): Call => ({
  from: 'back end',
  to: 'stage',
  method: 'post',
  url,
  request: { headers: { cookie: 'a=b', prefer: 'wait=5' }, body: { userId: '10010001', unlisted: 'text' } },
  status: 201,
  answer: { headers: {}, body: '{"expiresIn":300}' },
  startedAt: 1_700_000_000_000,
  ms: 12,
})

describe('tools/local/playground/call-log', () => {
  it('tells a follower of what was, and of what comes until it leaves', () => {
    const log = createCallLog()
    const seen: string[] = []
    log.add(call('/first'))
    const leave = log.follow(({ number, url }) => seen.push(`${number} ${url}`))
    log.add(call('/second'))
    leave()
    log.add(call('/third'))
    expect(seen).toEqual(['1 /first', '2 /second'])
  })

  it('keeps a call without what is not to be shown', () => {
    const log = createCallLog()
    const seen: SeenCall[] = []
    log.add(call('/enterprise-tokens'))
    log.follow((known) => seen.push(known))
    expect(seen).toEqual([
      {
        ...call('/enterprise-tokens'),
        method: 'POST',
        request: {
          headers: { prefer: 'wait=5' },
          body: { userId: '10010001', unlisted: '… (4 characters)' },
        },
        answer: { headers: {}, body: { expiresIn: 300 } },
        number: 1,
      },
    ])
  })

  it('forgets the oldest of more than 500', () => {
    const log = createCallLog()
    for (let nth = 1; nth <= 501; nth += 1) log.add(call(`/${nth}`))
    const seen: string[] = []
    log.follow(({ url }) => seen.push(url))
    expect([seen.length, seen[0]]).toEqual([500, '/2'])
  })
})
