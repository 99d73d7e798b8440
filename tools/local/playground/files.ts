/** The files of the playground's page, by their paths. There is no build step: the page's modules are served as they are written. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleClient } from '../../client/bundle.ts'

interface PageFile {
  /** Behind the playground's own path. */
  readonly path: string
  readonly type: string
  readonly text: () => string | Promise<string>
}

const TYPES: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript' }
const NAMES = ['style.css', 'playground.js', 'texts.js', 'steps.js', 'chat.js', 'calls.js', 'show.js']

const read = (name: string) => (): string =>
  readFileSync(fileURLToPath(new URL(`../../../examples/playground/${name}`, import.meta.url)), 'utf8')

/** The client for pages, as `npm run client` builds it. */
const clientModule = (): (() => Promise<string>) => {
  let built: Promise<string> | undefined
  return () => {
    built ??= bundleClient().then((forms) => forms.find(({ name }) => name === 'index.js')?.content ?? '')
    return built
  }
}

export const pageFiles = (): readonly PageFile[] => [
  { path: '', type: 'text/html', text: read('index.html') },
  ...NAMES.map((name) => ({
    path: `/${name}`,
    type: TYPES[name.split('.').pop() ?? ''] ?? '',
    text: read(name),
  })),
  { path: '/client.js', type: 'text/javascript', text: clientModule() },
]

/** Nothing from elsewhere, nothing inline, no frame around it. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}
