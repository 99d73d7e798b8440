import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { run } from '../../tools/program.ts'

interface Component {
  readonly 'bom-ref': string
  readonly purl: string
  readonly hashes: readonly { readonly alg: string; readonly content: string }[]
  readonly licenses: readonly object[]
}
interface Bill {
  readonly components: readonly Component[]
}

const [release] = inject('releases')
const identity = ({ purl, hashes, licenses }: Component) => ({ purl, hashes, licenses })

describe('sbom.cdx.json of the release', () => {
  it('says of each package what npm says of it, and names those alone that a bundle holds', async () => {
    const ours: Bill = JSON.parse(readFileSync(join(release, 'sbom.cdx.json'), 'utf8'))
    const printed = await run('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
      cwd: PROJECT_ROOT,
      env: process.env,
    })
    const { components }: Bill = JSON.parse(printed)
    const theirs = new Map(components.map((component) => [component['bom-ref'], identity(component)]))
    expect(ours.components.length).toBeGreaterThan(10)
    expect(theirs.size).toBeGreaterThan(500)
    for (const component of ours.components)
      expect(theirs.get(component['bom-ref'])).toEqual(identity(component))
  })

  it('has the licence of each package beside it', () => {
    const { components }: Bill = JSON.parse(readFileSync(join(release, 'sbom.cdx.json'), 'utf8'))
    const texts = readFileSync(join(release, 'THIRD-PARTY-LICENCES.txt'), 'utf8')
    for (const component of components)
      expect(texts).toContain(`${component['bom-ref'].replace(/@([^@]+)$/, ' $1')} (`)
  })
})
