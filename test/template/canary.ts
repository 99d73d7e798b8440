/** Secrets around a package must not get into it. */

import { randomBytes } from 'node:crypto'
import { appendFileSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstKeyRing } from '../../lib/signing-keys/key-ring.ts'
import { readZip } from '../../tools/package/zip.ts'
import { leaksIn, secret } from '../support/canary.ts'
import { type Package, type PackageOptions, packageProject } from './package.ts'

const PATIENCE_MS = 180_000

/** Everything that a deployment uploads or keeps: unpacked zips, source maps, templates. */
const textsOf = ({ folder }: Package, of = /./): string[] => {
  const zips = globSync(`${folder}/*.zip`)
    .filter((file) => of.test(file))
    .flatMap((file) => readZip(readFileSync(file)))
  const others = globSync([`${folder}/source-maps/*`, `${folder}/*.json`])
    .filter((file) => of.test(file))
    .map((file) => readFileSync(file, 'utf8'))
  return [...zips.map(({ content }) => content.toString()), ...others]
}

/** Secrets where a laptop has them: in the environment, and in a file of local secrets in the project. */
export const surrounded = async (): Promise<PackageOptions> => {
  const { signingKey } = await firstKeyRing(new Date())
  for (const { d, state } of signingKey.keys) secret(`private key (${state})`, d)
  const values = { [`cec-token-bridge/local/signing-key`]: signingKey }
  return {
    env: {
      AWS_ACCESS_KEY_ID: secret('access key id', randomBytes(10).toString('hex')),
      AWS_SECRET_ACCESS_KEY: secret('secret access key', randomBytes(20).toString('hex')),
      LOCAL_SECRETS_FILE: 'local-secrets.json',
    },
    edit: (project) => writeFileSync(join(project, 'local-secrets.json'), JSON.stringify(values)),
  }
}

/** `packaged` must have been made with the options of `surrounded`. */
export const describeCanary = (packaged: () => Package): void => {
  describe('the package', () => {
    it('holds none of the secrets around it, in zips, source maps or templates', {
      timeout: PATIENCE_MS,
    }, () => {
      const texts = textsOf(packaged())
      expect(texts.length).toBeGreaterThan(8)
      expect(texts.flatMap(leaksIn)).toEqual([])
    })

    it('is found out when one is planted', { timeout: PATIENCE_MS }, async () => {
      const planted = secret('planted', randomBytes(24).toString('base64url'))
      const source = `export const planted = Buffer.from('${Buffer.from(planted).toString('hex')}', 'hex')\n`
      const edit = (project: string) => {
        appendFileSync(join(project, 'functions/jwks.ts'), source)
      }
      const made = await packageProject('prod', { codeOf: ['jwks.ts'], edit })
      const leaks = textsOf(made, /jwks/i).flatMap(leaksIn)
      made.remove()
      expect(leaks).toEqual(['planted (hex)', 'planted (hex)'])
    })
  })
}
