/** What is measured, as files: the packages of a release as they are deployed, unzipped, and what they are held against, bundled. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import type { CloudFormationResources } from '../local/dynamodb.ts'
import { readZip } from '../package/zip.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')

export interface Packaged {
  /** `functions/<file>.handler` */
  readonly handler: string
  readonly memoryMegabytes: number
  readonly environment: Readonly<Record<string, string>>
}

/** The packages of one clone of this project. */
export interface Release {
  /** Of its template. */
  readonly resources: CloudFormationResources
  /** What the template says of a function; undefined for one that this release does not have. */
  readonly packaged: (name: string) => Packaged | undefined
  /** Unpacks a function's zip. */
  readonly unpack: (name: string, folder: string) => void
  /** A function's code, with the source map that is kept beside the zips. */
  readonly bundle: (name: string) => { readonly code: string; readonly map: string }
}

/** Throws a sentence when nothing is packaged in the clone. */
export const releaseIn = (clone: string): Release => {
  const packages = join(clone, '.serverless')
  const file = join(packages, 'cloudformation-template-update-stack.json')
  if (!existsSync(file)) throw new Error(`Nothing is packaged in ${clone}. Run there first: npm run package`)
  const resources: CloudFormationResources = JSON.parse(readFileSync(file, 'utf8')).Resources
  const filesOf = (name: string) => readZip(readFileSync(join(packages, `${name}.zip`)))
  return {
    resources,
    packaged: (name) => packagedIn(resources, name),
    bundle: (name) => {
      const { name: path, content } = filesOf(name).find((file) => file.name.endsWith('.mjs')) ?? {}
      if (path === undefined || content === undefined) throw new Error(`${name}.zip holds no module`)
      const map = readFileSync(join(packages, 'source-maps', `${basename(path)}.map`), 'utf8')
      return { code: content.toString(), map }
    },
    unpack: (name, folder) => {
      for (const { name: path, content } of filesOf(name)) {
        const target = join(folder, path)
        mkdirSync(dirname(target), { recursive: true })
        writeFileSync(target, content)
      }
    },
  }
}

interface FunctionProperties {
  readonly Handler: string
  readonly MemorySize: number
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> }
}

const packagedIn = (resources: CloudFormationResources, name: string): Packaged | undefined => {
  const { Properties } = resources[`${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`] ?? {}
  if (Properties === undefined) return undefined
  const { Handler, MemorySize, Environment } = Properties as FunctionProperties
  return { handler: Handler, memoryMegabytes: MemorySize, environment: Environment.Variables }
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
