import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../../tools/local/offline-process.ts'
import { readyText } from '../../../tools/local/ready-text.ts'
import { DESCRIPTORS } from '../../support/descriptors.ts'

const text = readyText({
  url: 'http://127.0.0.1:3000',
  pathOf: (functionName) => `/path-of/${functionName}`,
  appKeyOf: (system) => `app-key-of-${system}`,
  origins: [],
  controls: [{ vendor: 'CEC', url: 'http://127.0.0.1:4000/_control' }],
})

describe('tools/local/ready-text', () => {
  // Files and further calls belong to a chat that runs; Alibaba's ready clients have no use for a line.
  const WITHOUT_LINE = ['chatCalls', 'uploadFileStream', 'downloadFileStream', 'auiLiveToken', 'auiRtcToken']
  const tokens = DESCRIPTORS.filter(
    ({ name, tenantSecrets }) => tenantSecrets !== undefined && !WITHOUT_LINE.includes(name),
  )

  /** A chat begins, and then something is said. */
  const LINES: Readonly<Record<string, number>> = { chatRelay: 2 }

  it.each(tokens.map(({ name }) => name))('has a line to paste for %s, and two for messages', (name) => {
    const curl = new RegExp(`curl -s http://127\\.0\\.0\\.1:3000/path-of/${name} `)
    expect(text.split('\n').filter((line) => curl.test(line))).toHaveLength(LINES[name] ?? 1)
  })

  it('begins with the ready line, and ends with where the emulators are told to misbehave', () => {
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toBe('Ready: http://127.0.0.1:3000 (stage local, Ctrl-C ends it)')
    expect(lines.at(-1)).toBe('# control of the emulator of CEC: http://127.0.0.1:4000/_control')
  })

  it('says where the playground is, the document of the interface, and the sample of a page that chats', () => {
    expect(text).toMatch(/^# playground, .*: http:\/\/127\.0\.0\.1:3000\/playground$/m)
    expect(text).toMatch(/^# every route, .*: http:\/\/127\.0\.0\.1:3000\/docs$/m)
    expect(text).toMatch(/^# next: a page that chats in a browser: README/m)
  })

  it('points at documents that there are, and at headings in them', () => {
    const next = text.split('\n').filter((line) => /^# next: .*\.md/.test(line))
    const named = next.flatMap((line) => [...line.matchAll(/([\w./-]+\.md)(?:, ([A-Z][\w ]+))?/g)])
    expect(named.map(([, file]) => file)).toEqual([
      'README.md',
      'docs/integrate.md',
      'docs/integrate.zh-CN.md',
    ])
    for (const [, file = '', heading] of named) {
      const document = readFileSync(join(PROJECT_ROOT, file), 'utf8')
      if (heading !== undefined) expect(document).toContain(`\n## ${heading}\n`)
    }
  })

  it('names the tenant’s own appKey with each vendor that asks for one', () => {
    for (const system of ['oiap', 'oiap-third-party'])
      expect(text).toContain(`-d '{"appKey":"app-key-of-${system}"}'`)
  })

  it('has no comment that zsh would take for the begin of something, and ends each answer with a line break', () => {
    const lines = text.split('\n').filter((line) => line !== '')
    const comments = lines.filter((line) => line.startsWith('#'))
    expect(comments.length).toBeGreaterThan(12)
    for (const comment of comments) expect(comment).not.toMatch(/['"`;|&<>$()*?]/)
    const calls = lines.filter((line) => line.includes('curl '))
    for (const call of calls) expect(call).toMatch(/ -w '\\n'|; printf '%s\\n' /)
  })
})
