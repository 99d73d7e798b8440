import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_CALLER_KEY, LOCAL_CHANNEL, LOCAL_TENANT, LOCAL_USER } from '../../tools/local/constants.ts'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { type Server, startServer } from '../e2e/server.ts'
import { freePort } from '../identity-providers/processes.ts'
import { startChromium } from './chromium.ts'

const VALIDATE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'
const SCRIPT = '/service-cloud/webclient/chat_client/js/thirdPartyClient.js'

let stage: Server
let backEnd: ChildProcess
let origin: string
let browser: Awaited<ReturnType<typeof startChromium>>
beforeAll(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  stage = await startServer()
  backEnd = spawn(process.execPath, ['examples/smallest/back-end.mjs'], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, PORT: String(port), API: stage.url, CALLER_KEY: LOCAL_CALLER_KEY },
  })
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  backEnd?.kill()
  await stage?.stop()
})

/** Presses the page's button. CEC, behind the reverse proxy, answers with a script that marks the page. */
const pressed = async () => {
  const page = await browser.newPage()
  const asked: { readonly method: string; readonly url: string; readonly body: string }[] = []
  await page.route('**/service-cloud/**', async (route) => {
    const request = route.request()
    asked.push({ method: request.method(), url: request.url(), body: request.postData() ?? '' })
    await route.fulfill({ contentType: 'text/javascript', body: "document.title = 'the control'" })
  })
  await page.goto(origin, { timeout: 20_000 })
  await page.getByRole('button', { name: 'Chat with us' }).click()
  await page.waitForFunction("document.title === 'the control'")
  await page.close()
  return asked
}

describe('examples/smallest in Chromium', () => {
  it('posts CEC’s page object as a form, with a token that CEC finds good, and runs the answer', async () => {
    const [{ method, url, body } = { method: '', url: '', body: '' }, ...others] = await pressed()
    expect([method, new URL(url).pathname, others]).toEqual(['POST', SCRIPT, []])
    const { thirdUserToken, ...members } = Object.fromEntries(new URLSearchParams(body))
    expect(members).toEqual({
      thirdUserName: LOCAL_USER.userName,
      thirdUserId: LOCAL_USER.userId,
      tenantSpaceId: LOCAL_TENANT,
      channelConfigId: LOCAL_CHANNEL,
      locale: 'en',
      timestamp: expect.stringMatching(/^\d{13}$/),
      transData: '',
    })
    const question = { Token: thirdUserToken, ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT }
    const answer = await fetch(stage.url + VALIDATE, { method: 'POST', body: JSON.stringify(question) })
    expect(await answer.json()).toEqual({ retCode: 0, message: 'validate success' })
  })
})
