import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { copyProject, isSource } from '../../../tools/package/project-copy.ts'

const folder = mkdtempSync(join(tmpdir(), 'project-copy-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('tools/package/project-copy', () => {
  it('copies the sources, and the packages of no example or tool', () => {
    copyProject(join(folder, 'copy'))
    const copied = (path: string): boolean => existsSync(join(folder, 'copy', path))
    expect(
      ['serverless.yml', 'lib/routes.ts', 'examples/cdk/package.json', 'tools/bench/bench.ts'].every(copied),
    ).toBe(true)
    expect(globSync('{client,examples,tools}/**/node_modules', { cwd: join(folder, 'copy') })).toEqual([])
    // The project's own, by a link
    expect(copied('node_modules/zod/package.json')).toBe(true)
  })

  it('leaves out packages wherever they are, and nothing that is only called alike', () => {
    expect(isSource('/project/examples/cdk/node_modules')).toBe(false)
    expect(isSource('/project/examples/node_modules.md')).toBe(true)
  })
})
