/** Debian's Chromium, or the one that `CHROMIUM` names. */

import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export const startChromium = (args: readonly string[] = []): Promise<Browser> =>
  // In a container there is no user but root, whom Chromium's sandbox refuses.
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] })
