import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide } from '../../../tools/local/cec/decide.ts'
import { startCec } from '../../../tools/local/cec/server.ts'
import { startOfflineProcess } from '../../../tools/local/offline-process.ts'
import { runNode } from '../process.ts'
import { type Server, startServer } from '../server.ts'

describe('npm run chat-entry', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const expectTheLoop = ({
    code,
    stdout,
    stderr,
    leftNothing,
  }: Awaited<ReturnType<typeof runNode>>): void => {
    expect({ code, stderr, leftNothing }).toEqual({ code: 0, stderr: '', leftNothing: true })
    expect(stdout).toMatch(
      /retCode 0, message .+\n.+let in [\s\S]+retCode 4, message .+\n.+turned away \(the enterprise refuses: token of another user or tenant\)/,
    )
    expect(stdout).toContain('The loop works.')
    // a whole token has three parts; what is shown of one is shorter than its header
    expect(stdout).not.toMatch(/eyJ[\w-]{20,}/)
  }

  it('shows the loop against a running server', async () => {
    const env = { API: undefined, PORT: new URL(server.url).port }
    const result = await runNode(['tools/local/chat-entry.ts'], { env })
    expect(result.stdout).toContain(`Using the server at ${server.url}.`)
    expectTheLoop(result)
  })

  it('takes the server of API, as docs/start.md sets it, and not that of PORT', async () => {
    const result = await runNode(['tools/local/chat-entry.ts'], { env: { API: server.url, PORT: '1' } })
    expect(result.stdout).toContain(`Using the server at ${server.url}.`)
    expectTheLoop(result)
  })

  it('refuses an API that is on another machine', async () => {
    const env = { API: 'https://tokens.example.com' }
    const { code, stdout, stderr } = await runNode(['tools/local/chat-entry.ts'], { env })
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: 'API must be the address of a stage on this machine, such as http://127.0.0.1:3000\n',
    })
  })

  it('starts a server of its own when none answers, and ends it', async () => {
    const result = await runNode(['tools/local/chat-entry.ts'], {
      env: { API: undefined, PORT: '1' },
    })
    expect(result.stdout).toContain('starting one for the moment')
    expectTheLoop(result)
  })

  it('says what to do when that server is not ready in time', async () => {
    await expect(startOfflineProcess({ readyWithinMs: 1 })).rejects.toThrow(
      /^serverless offline start was not ready within 1 ms\. Run npm start in a terminal of its own, wait for its line "Ready", and repeat the command\. It printed nothing\.$/,
    )
  })
})

describe('tools/local/cec/server', () => {
  const entry = {
    thirdUserData: {
      thirdUserToken: 't',
      thirdUserName: 'Tom',
      thirdUserId: '10010001',
      extra: 'of the page',
    },
    tenantSpaceId: '202007159031',
  }
  const enter = async (url: string, body: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/chat-entry`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, body: await response.json() }
  }

  it('asks with the four members that CEC documents', async () => {
    let asked: unknown
    const enterprise = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      asked = JSON.parse(Buffer.concat(chunks).toString())
      response.end('{"retCode":0,"message":"validate success"}')
    })
    await new Promise<void>((resolve) => enterprise.listen(0, '127.0.0.1', resolve))
    const { port } = enterprise.address() as { port: number }
    const cec = await startCec({ validateUrl: `http://127.0.0.1:${port}/any/path` })
    const result = await enter(cec.url, entry)
    await cec.close()
    enterprise.close()
    enterprise.closeAllConnections()

    expect(result).toMatchObject({ status: 200, body: { admitted: true, retCode: 0 } })
    expect(asked).toEqual({ Token: 't', userName: 'Tom', userId: '10010001', tenantSpaceId: '202007159031' })
  })

  it('turns away when the validate URL cannot be reached, and refuses an entry without a token', async () => {
    const cec = await startCec({ validateUrl: 'http://127.0.0.1:1/' })
    expect(await enter(cec.url, entry)).toMatchObject({ status: 403, body: { admitted: false } })
    expect(await enter(cec.url, { ...entry, thirdUserData: {} })).toMatchObject({ status: 400 })
    await cec.close()
  })
})

describe('tools/local/cec/decide', () => {
  it.each([
    [{ status: 200, body: '{"retCode":0,"message":"validate success"}' }, true],
    [{ status: 200, body: '{"retCode":2,"message":"no"}' }, false],
    [{ status: 200, body: '{"retCode":"0","message":"validate success"}' }, false],
    [{ status: 200, body: '{"retCode":0,"message":""}' }, false],
    [{ status: 200, body: '{"retCode":0}' }, false],
    [{ status: 200, body: 'null' }, false],
    [{ status: 200, body: '<html>' }, false],
    [{ status: 500, body: '{"retCode":0,"message":"validate success"}' }, false],
  ])('%o → admitted %s', (answer, admitted) => {
    expect(decide(answer).admitted).toBe(admitted)
  })
})
