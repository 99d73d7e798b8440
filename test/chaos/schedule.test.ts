import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Server, startServer } from '../e2e/server.ts'

describe('npm start', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer()
  }, 60_000)
  afterAll(() => server.stop())

  it('runs the schedule at the next full minute, which warms the tokens of the local tenant', async () => {
    const summaries = () =>
      server
        .output()
        .split('\n')
        .filter((line) => line.includes('"code":"PREWARM_DONE"'))
        .map((line) => JSON.parse(line.slice(line.indexOf('{'))))
    while (summaries().length === 0) await sleep(500)
    expect(summaries()[0]).toMatchObject({ function: 'prewarmTokens', found: 3, refreshed: 3, left: 0 })
  }, 90_000)
})
