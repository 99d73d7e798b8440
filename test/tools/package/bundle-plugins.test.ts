import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import plugins from '../../../tools/package/bundle-plugins.ts'

const bundled = async (file: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: `export { default } from '${file}'`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    write: false,
    plugins,
  })
  return outputFiles[0]?.text ?? ''
}

const contentOf = async (file: string): Promise<{ version: string; description: string }> =>
  JSON.parse(await readFile(createRequire(import.meta.url).resolve(file), 'utf8'))

describe('tools/package/bundle-plugins', () => {
  it.each(['@aws-sdk/client-dynamodb/package.json', '@aws-sdk/client-secrets-manager/package.json'])(
    '%s: the version alone is bundled',
    async (file) => {
      const { version, description } = await contentOf(file)
      const bundle = await bundled(file)
      expect(bundle).toContain(`version:"${version}"`)
      expect(bundle).not.toContain(description)
    },
  )

  it("any other package's file stays as it is", async () => {
    const { version, description } = await contentOf('zod/package.json')
    const bundle = await bundled('zod/package.json')
    expect(bundle).toContain(version)
    expect(bundle).toContain(description)
  })
})
