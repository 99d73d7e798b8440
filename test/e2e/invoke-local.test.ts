import { cpSync, globSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT, SERVERLESS } from '../../local/offline-process.ts'
import { type Finished, runNode } from './process.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: object
}

/** Every event file with what the function must make of it: status, a part of the body, the log's code. */
const EXPECTED: Record<string, [status: number, body: object, code: string]> = {
  'issueEnterpriseToken/ok': [201, { expiresIn: 300 }, 'TOKEN_ISSUED'],
  'issueEnterpriseToken/base64-body': [201, { expiresIn: 300 }, 'TOKEN_ISSUED'],
  'issueEnterpriseToken/missing-key': [401, {}, 'CALLER_MISSING'],
  'issueEnterpriseToken/wrong-key': [401, {}, 'CALLER_UNKNOWN'],
  'issueEnterpriseToken/malformed-key': [401, {}, 'CALLER_MALFORMED'],
  'issueEnterpriseToken/from-browser': [401, {}, 'CALLER_FROM_BROWSER'],
  'issueEnterpriseToken/bad-json': [400, {}, 'BODY_NOT_JSON'],
  'issueEnterpriseToken/bad-body': [400, {}, 'BODY_INVALID'],
  'issueEnterpriseToken/unknown-member': [400, {}, 'BODY_INVALID'],
  'issueEnterpriseToken/wrong-tenant': [403, {}, 'TENANT_FORBIDDEN'],
  'issueEnterpriseToken/unknown-user': [404, {}, 'USER_UNKNOWN'],
  'issueEnterpriseToken/wrong-name': [409, {}, 'USER_NAME_DIFFERS'],
  'jwks/ok': [200, { keys: [{ kty: 'EC' }, { kty: 'EC' }] }, 'JWKS_SERVED'],
  'validateEnterpriseToken/ok': [200, { retCode: 0 }, 'TOKEN_VALID'],
  'validateEnterpriseToken/base64-body': [200, { retCode: 0 }, 'TOKEN_VALID'],
  'validateEnterpriseToken/bad-json': [200, { retCode: 1 }, 'BODY_NOT_JSON'],
  'validateEnterpriseToken/missing-member': [200, { retCode: 1 }, 'BODY_INVALID'],
  'validateEnterpriseToken/tampered': [200, { retCode: 2 }, 'TOKEN_SIGNATURE_INVALID'],
  'validateEnterpriseToken/foreign-key': [200, { retCode: 2 }, 'TOKEN_SIGNATURE_INVALID'],
  'validateEnterpriseToken/expired': [200, { retCode: 3 }, 'TOKEN_EXPIRED'],
  'validateEnterpriseToken/wrong-tenant': [200, { retCode: 4 }, 'TOKEN_TENANT_DIFFERS'],
  'validateEnterpriseToken/wrong-user': [200, { retCode: 4 }, 'TOKEN_USER_DIFFERS'],
  'validateEnterpriseToken/wrong-name': [200, { retCode: 4 }, 'TOKEN_NAME_DIFFERS'],
  'validateEnterpriseToken/unknown-user': [200, { retCode: 5 }, 'TOKEN_USER_UNKNOWN'],
  'applyToken/ok': [200, { resultCode: '0', token: expect.stringMatching(/./) }, 'CHAT_TOKEN_ISSUED'],
  'applyToken/missing-key': [401, { errorCode: '990004010' }, 'CALLER_MISSING'],
  'applyToken/wrong-tenant': [403, { errorCode: '990004030' }, 'TENANT_FORBIDDEN'],
  'applyToken/bad-body': [400, { errorCode: '990004000' }, 'BODY_INVALID'],
  'applyToken/app-secret': [400, { errorCode: '990004000' }, 'BODY_INVALID'],
  'chatRelay/send-connect': [200, { resultCode: '0' }, 'CHAT_RELAYED'],
  'chatRelay/send-missing-key': [401, { errorCode: '990004010' }, 'CALLER_MISSING'],
  'chatRelay/send-missing-chat-token': [401, { errorCode: '990004011' }, 'CHAT_TOKEN_REFUSED'],
  'chatRelay/send-unknown-chat-token': [401, { errorCode: '990004011' }, 'CHAT_TOKEN_REFUSED'],
  'chatRelay/send-bad-body': [400, { errorCode: '990004000' }, 'BODY_INVALID'],
  // the emulator would let it hang for 10 s: the relay cuts it after 5
  'chatRelay/poll': [200, { resultCode: '0', downlinkMessages: [] }, 'CHAT_RELAYED'],
  'chatRelay/poll-wrong-key': [401, { errorCode: '990004010' }, 'CALLER_UNKNOWN'],
  'appCubeToken/ok': [200, { errorCode: 0, authToken: expect.stringMatching(/./) }, 'APP_CUBE_TOKEN_ISSUED'],
  'appCubeToken/missing-key': [401, { errorCode: 990004010 }, 'CALLER_MISSING'],
  'appCubeToken/wrong-tenant': [403, { errorCode: 990004030 }, 'TENANT_FORBIDDEN'],
  'appCubeToken/bad-body': [400, { errorCode: 990004000 }, 'BODY_INVALID'],
  'appCubeToken/app-secret': [400, { errorMsg: expect.stringContaining('the secret stays') }, 'BODY_INVALID'],
  'appCubeToken/other-app-key': [403, { errorCode: 990004030 }, 'TENANT_FORBIDDEN'],
  'liveMessageToken/ok': [
    200,
    { Result: { AccessTokenExpiredTime: expect.any(Number) } },
    'LIVE_TOKEN_ISSUED',
  ],
  'liveMessageToken/wrong-key': [401, { Code: 'TokenBridge.UNAUTHENTICATED' }, 'CALLER_UNKNOWN'],
  'liveMessageToken/bad-body': [400, { Code: 'TokenBridge.MALFORMED' }, 'BODY_INVALID'],
  'liveMessageToken/unknown-member': [400, { Code: 'TokenBridge.MALFORMED' }, 'BODY_INVALID'],
  'liveMessageToken/user-id-does-not-fit': [400, { Code: 'TokenBridge.MALFORMED' }, 'BODY_INVALID'],
  'liveMessageToken/other-app-id': [403, { Code: 'TokenBridge.FORBIDDEN' }, 'TENANT_FORBIDDEN'],
}

const invoke = (event: string): Promise<Finished> =>
  runNode([SERVERLESS, 'invoke', 'local', '-f', event.split('/')[0] ?? '', '-p', `events/${event}.json`])

/** The functions' own log lines come first; what the tool prints of the answer begins with a line `{`. */
const answerIn = (stdout: string): Answer => JSON.parse(stdout.slice(stdout.search(/^\{$/m))) as Answer

describe('serverless invoke local', () => {
  it('has an expectation for every event file', () => {
    const files = globSync('*/*.json', { cwd: `${PROJECT_ROOT}/events` })
    const events = files.map((file) => file.replaceAll('\\', '/').replace(/\.json$/, ''))
    expect(events.sort()).toEqual([...Object.keys(EXPECTED), 'rotateSigningKey/createSecret'].sort())
  })

  // each takes seconds of processor time, so as many at a time as there are processors, and one test for all
  it('answers every event as expected, and leaves no process behind', async () => {
    const waiting = Object.entries(EXPECTED)
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [event, [status, body, code]] = next
        const { code: exitCode, stdout, stderr, leftNothing } = await invoke(event)
        expect.soft({ event, exitCode, stderr, leftNothing }).toEqual({
          event,
          exitCode: 0,
          stderr: '',
          leftNothing: true,
        })
        const answer = answerIn(stdout)
        expect.soft({ event, status: answer.statusCode }).toEqual({ event, status })
        expect.soft(answer.body, event).toMatchObject(body)
        expect.soft(stdout, event).toContain(`"code":"${code}"`)
      }
    }
    await Promise.all(cpus().slice(0, 4).map(worker))
  }, 300_000)

  it('makes the keys of a rotation', async () => {
    const { code, stdout, leftNothing } = await invoke('rotateSigningKey/createSecret')
    expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
    expect(stdout).toContain('"code":"ROTATION_STEP_DONE"')
  })

  it('ends with exit code 1 when the function cannot be loaded', async () => {
    // Prepare: this project with a function that throws while it loads
    const folder = mkdtempSync(join(tmpdir(), 'unloadable-'))
    for (const name of ['functions', 'lib', 'local', 'events', 'package.json', 'serverless.yml']) {
      cpSync(join(PROJECT_ROOT, name), join(folder, name), { recursive: true })
    }
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir')
    writeFileSync(join(folder, 'functions', 'jwks.ts'), "throw new Error('cannot be loaded')\n")
    // Act
    const args = [SERVERLESS, 'invoke', 'local', '-f', 'jwks', '-p', 'events/jwks/ok.json']
    const { code, stdout, leftNothing, milliseconds } = await runNode(args, { cwd: folder })
    rmSync(folder, { recursive: true })
    // Assess: without the plugin's error hook it would hang until the 60 s of runNode are over
    expect({ code, leftNothing }).toEqual({ code: 1, leftNothing: true })
    expect(stdout).toContain('Exception encountered when loading')
    expect(milliseconds).toBeLessThan(20_000)
  })
})
