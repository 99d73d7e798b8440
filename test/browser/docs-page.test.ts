import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiOfStage } from '../../tools/interface/stage-document.ts'
import { DOCS_PATH, serveDocs } from '../../tools/local/docs-page.ts'
import { startChromium } from './chromium.ts'

const offline = createRequire(import.meta.url).resolve('serverless-offline')
const { Server } = createRequire(offline)('@hapi/hapi')

const server = new Server({ host: '127.0.0.1', port: 0 })
let browser: Awaited<ReturnType<typeof startChromium>>
beforeAll(async () => {
  serveDocs(server, async () =>
    openApiOfStage({ url: server.info.uri, env: {}, pathOf: (name) => `/path-of/${name}` }),
  )
  await server.start()
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await server.stop()
})

describe('the page /docs in Chromium', () => {
  it('shows a route with its parts, and no button that would send a request', async () => {
    const page = await browser.newPage()
    await page.goto(`${server.info.uri}${DOCS_PATH}`, { timeout: 20_000 })
    await page.locator('.opblock-post .opblock-summary-control').first().click()
    await page.getByText('Request body').first().waitFor()
    const labels = await page.getByRole('button').allTextContents()
    expect(labels.filter((label) => /authorize|try it out|execute/i.test(label))).toEqual([])
    expect(await page.locator('.auth-wrapper button, .authorization__btn').count()).toBe(0)
    await page.close()
  })
})
