import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openPrompt } from '../../../tools/operator/prompt.ts'

/** A terminal, and all that it shows. */
const opened = () => {
  const input = new PassThrough()
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  const shown: string[] = []
  output.on('data', (chunk) => shown.push(String(chunk)))
  const type = async (text: string) => {
    input.write(text)
    await turn()
  }
  return { prompt: openPrompt({ input, output }), type, shown: () => shown.join('') }
}
const HIDDEN = { text: 'secret', isHidden: true }

describe('tools/operator/prompt at a terminal', () => {
  it('shows what is typed for a question, and not what is typed for a hidden one', async () => {
    const { prompt, type, shown } = opened()
    const name = prompt.ask({ text: 'name' })
    await type('al')
    await type('pha\r')
    expect(await name).toBe('alpha')
    const secret = prompt.ask(HIDDEN)
    await type('bravo\r')
    expect(await secret).toBe('bravo')
    const last = prompt.ask({ text: 'last' })
    await type('charlie\r')
    expect(await last).toBe('charlie')
    prompt.close()
    await turn()
    expect(shown()).toBe('name: alpha\r\nsecret: \nlast: charlie\r\n')
  })

  it('shows of several lines that are pasted at once the first alone: another may answer a hidden question', async () => {
    const { prompt, type, shown } = opened()
    const name = prompt.ask({ text: 'name' })
    await type('alpha\rbravo\rcharlie\rdel')
    expect([await name, await prompt.ask(HIDDEN), await prompt.ask({ text: 'third' })]).toEqual([
      ...['alpha', 'bravo', 'charlie'],
    ])
    // The rest of a line of which a part was pasted stays unseen too.
    const last = prompt.ask({ text: 'last' })
    await type('ta\r')
    expect(await last).toBe('delta')
    prompt.close()
    await turn()
    expect(shown()).toBe('name: alpha\r\nsecret: \nthird: \nlast: \n')
  })

  it('shows nothing of what is typed before the first question', async () => {
    const { prompt, type, shown } = opened()
    await type('alpha\r')
    expect(await prompt.ask({ text: 'name' })).toBe('alpha')
    prompt.close()
    await turn()
    expect(shown()).toBe('name: \n')
  })
})
