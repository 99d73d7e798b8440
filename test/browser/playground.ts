/** The playground of a stage of its own, in Chromium, used as by somebody without a mouse. */

import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { type Server, startServer } from '../e2e/server.ts'
import { startChromium } from './chromium.ts'

export interface Playground {
  readonly stage: Server
  readonly browser: Browser
  /** Opens it as a visitor of its own. */
  open(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

/** A name that leads to this machine, as whoever owns a name can make it. */
export const REBOUND = 'attacker.example'

export const startPlayground = async (): Promise<Playground> => {
  const stage = await startServer({ params: { pollSeconds: '1', issuesPerUserAndMinute: '1000' } })
  const browser = await startChromium([`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`])
  return {
    stage,
    browser,
    open: async (options) => {
      const context = await browser.newContext({ locale: 'en', ...options })
      onTestFinished(() => context.close())
      const page = await context.newPage()
      await page.goto(`${stage.url}/playground`)
      await page.locator('#stream').filter({ hasText: /./ }).waitFor()
      return page
    },
    close: async () => {
      await browser.close()
      await stage.stop()
    },
  }
}

/** What the focus is on, by the name that a person hears, and whether it can be seen to be there. */
const FOCUSED = `(() => {
  const { labels, textContent } = document.activeElement
  const { outlineStyle } = getComputedStyle(document.activeElement)
  return { name: (labels?.[0] ?? { textContent }).textContent.trim(), isSeen: outlineStyle !== 'none' }
})()`

/** Goes to the control of this name by the Tab key alone. Each call in the list is a stop on the way. */
export const tabTo = async (page: Page, name: string): Promise<void> => {
  const passed: string[] = []
  for (let presses = 0; presses < 400; presses += 1) {
    const focused = (await page.evaluate(FOCUSED)) as { name: string; isSeen: boolean }
    if (focused.name === name && !focused.isSeen) throw new Error(`the focus on "${name}" cannot be seen`)
    if (focused.name === name) return
    passed.push(focused.name.slice(0, 40))
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard did not come to "${name}", but to: ${passed.join(' | ')}`)
}

/** Presses the button of this name. */
export const press = async (page: Page, name: string): Promise<void> => {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

/** Waits until the element says this. */
export const says = (page: Page, id: string, text: string | RegExp): Promise<void> =>
  page.locator(`#${id}`).filter({ hasText: text }).waitFor({ timeout: 20_000 })

const { source } = createRequire(import.meta.url)('axe-core') as { source: string }

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

/** The serious and critical issues that axe-core finds on the page as it is now. */
export const seriousIssues = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(source)
  const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 100)}`))
}
