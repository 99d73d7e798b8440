/**
 * The first thing that every npm script of this project runs: `launch.mjs <program> [<argument> …]`. Says what is missing before
 * a program fails for lack of it. Plain JavaScript without imports of packages: it runs on any Node, and without an install.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The major version of Node that runs TypeScript as it is, and the functions in Lambda. */
const LEAST_MAJOR = 24

/**
 * What is missing, as a sentence that says what to do; undefined when nothing is. `has` says whether a file of the project exists.
 * @param {{ node: string, has: (path: string) => boolean }} machine
 */
export const missing = ({ node, has }) => {
  if (!has('node_modules')) return 'Nothing is installed yet. Run this first: npm ci'
  if (!has('node_modules/serverless'))
    return 'The development packages are not installed, and this command needs them. Run: npm ci --include=dev'
  if (Number(node.split('.')[0]) >= LEAST_MAJOR) return undefined
  return (
    `This is Node ${node}, and the project needs ${LEAST_MAJOR} or later. The install brings one along, unless optional packages ` +
    'are left out or the system has no glibc (Alpine). Run npm ci --include=optional, or install Node 24.'
  )
}

const [, self, program = '', ...args] = process.argv
if (self === fileURLToPath(import.meta.url)) {
  const sentence = missing({ node: process.versions.node, has: (path) => existsSync(join(ROOT, path)) })
  if (sentence === undefined) {
    // In this process, not in one of its own: npm and signals find the same process as without us.
    const file = join(ROOT, program === 'serverless' ? 'node_modules/serverless/bin/serverless.js' : program)
    process.argv = [process.argv[0] ?? '', file, ...args]
    await import(pathToFileURL(file).href)
  } else {
    console.error(sentence)
    process.exitCode = 1
  }
}
