/** What is measured, as files: the packages as they are deployed, unzipped, and what they are held against, bundled. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import type { CloudFormationResources } from '../../local/dynamodb.ts'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import { readZip } from '../../package/zip.ts'

const PACKAGES = join(PROJECT_ROOT, '.serverless')
const FIXTURES = join(import.meta.dirname, 'fixtures')

export interface Packaged {
  readonly handler: string
  readonly memoryMegabytes: number
  readonly environment: Readonly<Record<string, string>>
}

/** The template's resources, with what they say of each function. Throws a sentence when nothing is packaged. */
export const packagedTemplate = () => {
  const file = join(PACKAGES, 'cloudformation-template-update-stack.json')
  if (!existsSync(file)) throw new Error('Nothing is packaged yet. Run this first: npm run package')
  const resources: CloudFormationResources = JSON.parse(readFileSync(file, 'utf8')).Resources
  return { resources, packaged: (name: string): Packaged => packagedIn(resources, name) }
}

interface FunctionProperties {
  readonly Handler: string
  readonly MemorySize: number
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> }
}

const packagedIn = (resources: CloudFormationResources, name: string): Packaged => {
  const { Properties } = resources[`${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`] ?? {}
  if (Properties === undefined) throw new Error(`the template has no function ${name}`)
  const { Handler, MemorySize, Environment } = Properties as FunctionProperties
  return { handler: Handler, memoryMegabytes: MemorySize, environment: Environment.Variables }
}

/** Unpacks a function's zip. */
export const unpack = (name: string, folder: string): void => {
  for (const { name: path, content } of readZip(readFileSync(join(PACKAGES, `${name}.zip`)))) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

/** Bundles one of the fixtures as the functions are bundled, but for what this project has left out of the SDK. */
export const bundleFixture = async (name: string, folder: string): Promise<void> => {
  await build({
    entryPoints: [join(FIXTURES, `${name}.mjs`)],
    outfile: join(folder, `${name}.mjs`),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // jsonwebtoken is CommonJS and asks for Node's modules by `require`
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  })
}
