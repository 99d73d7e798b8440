import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProbeSummary } from '../../../lib/probe/probe.ts'
import { PROBER_SECRET } from '../../../tools/local/constants.ts'
import { SERVERLESS } from '../../../tools/local/offline-process.ts'
import { proberSecret } from '../../../tools/local/seeds.ts'
import { runNode } from '../process.ts'
import { type Server, startServer } from '../server.ts'

const VALIDATE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'
const APP_KEY = 'oiap-202007159031'

let server: Server
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prober-'))
  server = await startServer()
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true })
})

/** One run as a developer types it, asking the server that runs. */
const probe = async (changes: object = {}): Promise<ProbeSummary> => {
  const secretsFile = join(folder, 'secrets.json')
  const seeded = JSON.parse(proberSecret({ url: server.url, validateUrl: server.url + VALIDATE }, APP_KEY))
  writeFileSync(secretsFile, JSON.stringify({ [PROBER_SECRET]: { ...seeded, ...changes } }))
  const args = [SERVERLESS, 'invoke', 'local', '-f', 'probe', '-p', 'events/probe/schedule.json']
  const { code, stdout, leftNothing } = await runNode(args, { env: { LOCAL_SECRETS_FILE: secretsFile } })
  expect({ code, leftNothing }).toEqual({ code: 0, leftNothing: true })
  expect(stdout).toContain('"code":"PROBE_DONE"')
  return JSON.parse(stdout.slice(stdout.search(/^\{$/m)))
}

describe('probe, at the stage that runs', () => {
  it('finds everything right', async () => {
    expect(await probe()).toEqual({
      ...{ asked: 6, failed: 0, refused: 0, vendorFailed: 0 },
      findings: [],
    })
  })

  it('says that the shared token is not for it', async () => {
    const appCube = { callerKey: 'ctb_local-development-only', appKey: 'oiap-202007159032' }
    expect(await probe({ appCube })).toEqual({
      ...{ asked: 6, failed: 0, refused: 1, vendorFailed: 0 },
      findings: [
        { step: 'appCube', expected: 'status 200 and a token', found: 'status 403 errorCode 990004030' },
      ],
    })
  })

  it('says that nobody listens', async () => {
    const url = 'http://127.0.0.1:9'
    expect(await probe({ url, validateUrl: `${url}/validate`, appCube: undefined })).toEqual({
      ...{ asked: 2, failed: 2, refused: 0, vendorFailed: 0 },
      findings: [
        { step: 'issue', expected: 'status 201 and a token', found: 'ECONNREFUSED' },
        { step: 'foreign', expected: 'retCode 2', found: 'ECONNREFUSED' },
      ],
    })
  })

  it('says that its own key is none, and its user nobody', async () => {
    const key = `ctb_${'A'.repeat(43)}`
    expect(await probe({ callerKey: key, appCube: undefined })).toMatchObject({
      ...{ failed: 1, refused: 0 },
      findings: [{ step: 'issue', found: 'status 401 UNAUTHENTICATED' }],
    })
    expect(await probe({ userId: '10019999', appCube: undefined })).toMatchObject({
      refused: 1,
      findings: [{ step: 'issue', found: 'status 404 USER_UNKNOWN' }],
    })
  })

  it('says that CEC’s questions go nowhere', async () => {
    expect(await probe({ validateUrl: `${server.url}/elsewhere`, appCube: undefined })).toMatchObject({
      ...{ asked: 5, failed: 3, refused: 0 },
      findings: [
        { step: 'valid', expected: 'retCode 0', found: 'status 404' },
        { step: 'tampered', expected: 'retCode 2', found: 'status 404' },
        { step: 'revoked', expected: 'retCode 5', found: 'status 404' },
      ],
    })
  })
})
