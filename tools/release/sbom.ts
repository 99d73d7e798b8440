/** The bill of materials (CycloneDX 1.6): what the functions' bundles hold, with neither time nor random number. */

import { type BundledPackage, bundledDependencies } from './bundled.ts'

export interface Product {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly repository?: { readonly url: string }
}

/** As npm writes them, so that the two bills can be compared. */
const referenceOf = ({ name, version }: Pick<Product, 'name' | 'version'>) => `${name}@${version}`
const urlOf = ({ name, version }: Pick<Product, 'name' | 'version'>) =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`

export const sbom = (product: Product, bundled: readonly BundledPackage[]): object => ({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { lifecycles: [{ phase: 'build' }], component: { type: 'application', ...named(product) } },
  components: bundled.map(component),
  dependencies: [{ ...product, path: '' }, ...bundled].map((component) => ({
    ref: referenceOf(component),
    dependsOn: bundledDependencies(component, bundled).map(referenceOf).sort(),
  })),
})

const named = (component: Pick<BundledPackage, 'name' | 'version' | 'license'>) => ({
  'bom-ref': referenceOf(component),
  name: component.name,
  version: component.version,
  purl: urlOf(component),
  licenses: [{ license: { id: component.license } }],
})

const component = (bundled: BundledPackage) => {
  const { integrity = '', resolved = '' } = bundled
  const content = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
  return {
    type: 'library',
    ...named(bundled),
    hashes: [{ alg: 'SHA-512', content }],
    externalReferences: [{ type: 'distribution', url: resolved }],
  }
}
