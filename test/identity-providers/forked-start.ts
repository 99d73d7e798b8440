/** A process that starts a provider and says its id: for a test that ends this process in the middle. */

import { type ProviderStart, startProvider } from './processes.ts'

process.once('message', async (start: ProviderStart) => {
  const { pid } = await startProvider(start)
  process.send?.(pid)
})
