/** `npm run screenshot`: makes docs/playground.png of a stage of its own. Needs Debian's chromium, or `CHROMIUM=<path>`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { PROJECT_ROOT, startOfflineProcess } from '../../tools/local/offline-process.ts'
import { startChromium } from './chromium.ts'

const FILE = join('docs', 'playground.png')
const MOST_BYTES = 200_000

/** The first four steps, and the call that CEC makes opened. */
const use = async (page: Page): Promise<void> => {
  const does = async (id: string, result: string, text: string): Promise<void> => {
    await page.locator(`#${id}`).click()
    await page.locator(`#${result}`).filter({ hasText: text }).waitFor()
  }
  await does('sign-in', 'signed-in', 'Tom')
  await does('token', 'token-result', 'has a token')
  await does('entry', 'entries', 'retCode 0')
  await does('revoke', 'entry-result', 'Revoked')
  await does('entry', 'entries', 'retCode 5')
  await does('open-chat', 'chat-result', 'begun')
  await page.locator('#message').fill('Good morning')
  await does('send', 'messages', 'Agent: Good morning')
  await page.getByText('CEC → stage').first().click()
}

const main = async (): Promise<void> => {
  const stage = await startOfflineProcess()
  const browser = await startChromium(['--disable-lcd-text'])
  try {
    const viewport = { width: 1120, height: 740 }
    const page = await browser.newPage({ viewport, locale: 'en', colorScheme: 'light' })
    await page.goto(`${stage.url}/playground`)
    await use(page)
    await page.evaluate('scrollTo(0, 0)')
    const picture = await page.screenshot()
    if (picture.length > MOST_BYTES)
      throw new Error(`${FILE} has ${picture.length} of ${MOST_BYTES} bytes: make the window smaller.`)
    writeFileSync(join(PROJECT_ROOT, FILE), picture)
    console.log(`${FILE}: ${picture.length} bytes`)
  } finally {
    await browser.close()
    await stage.stop()
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
