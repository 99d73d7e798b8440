/** The licences of what is in the bundles, which ask that their texts go along. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BundledPackage } from './bundled.ts'

const TEXT = /^(licen[cs]e|notice|copying)([-.].*)?$/i

/** One text for all. Throws an error that names the packages whose text is not known. */
export const licences = (root: string, bundled: readonly BundledPackage[]): string => {
  const texts = bundled.map((component) => ({
    component,
    text: textOf(join(root, component.path)) || standardText(join(root, component.path), component.license),
  }))
  const without = texts.filter(({ text }) => text === '').map(({ component }) => component.name)
  if (without.length > 0) throw new Error(`no licence text: ${without.join(', ')}`)
  return texts
    .map(({ component: { name, version, license }, text }) => `${name} ${version} (${license})\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

const textOf = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => TEXT.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n')

/** Some packages name the MIT licence and their authors, and leave its text out. */
const standardText = (folder: string, license: string | undefined): string => {
  const { author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    author?: string | { readonly name: string }
  }
  const name = typeof author === 'object' ? author.name : author
  return license === 'MIT' && name !== undefined ? `Copyright (c) ${name}\n\n${MIT}` : ''
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
