/** Packages of others whose code is in the bundles, as the source maps and the lockfile tell. */

import { packageSources } from '../package/sizes.ts'

export interface LockedPackage {
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface BundledPackage extends LockedPackage {
  readonly name: string
  /** Its folder, such as `node_modules/zod`, which is its key in the lockfile. */
  readonly path: string
}

const FOLDER = /node_modules\/(?:@[^/]+\/)?[^/]+/g

/** The folder of a source's package, however deep: `node_modules/a/node_modules/b`. Undefined for a file of this project. */
const folderOf = (source: string): string | undefined => {
  const folders = source.match(FOLDER)
  return folders?.join('/')
}

/** Of all functions, by path. `folder` holds the zips and their source maps. Throws an error that names a package which the lockfile has not. */
export const bundledPackages = (
  folder: string,
  functions: readonly string[],
  { packages }: Lockfile,
): readonly BundledPackage[] => {
  const paths = functions.flatMap((name) =>
    packageSources(folder, name).flatMap((source) => folderOf(source) ?? []),
  )
  return [...new Set(paths)].sort().map((path) => {
    const locked = packages[path]
    if (locked === undefined) throw new Error(`${path} is bundled, and package-lock.json does not name it`)
    return { ...locked, path, name: nameOf(path) }
  })
}

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Which of the others a package asks for, each as Node finds it: in the nearest folder above. */
export const bundledDependencies = (
  { path, dependencies = {} }: Pick<BundledPackage, 'path' | 'dependencies'>,
  bundled: readonly BundledPackage[],
): readonly BundledPackage[] =>
  Object.keys(dependencies).flatMap((name) => {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const found = bundled.find((other) => other.path === `${at === '' ? '' : `${at}/`}node_modules/${name}`)
      if (found !== undefined) return [found]
      if (at === '') return []
    }
  })
