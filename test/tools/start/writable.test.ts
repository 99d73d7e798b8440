import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unwritable } from '../../../tools/start/writable.ts'

const folder = mkdtempSync(join(tmpdir(), 'writable-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('tools/start/writable: unwritable', () => {
  it('says of a folder where nothing can be made what to do instead', () => {
    // a file in the place of the folder: permissions do not stop the user that tests run as
    writeFileSync(join(folder, 'file'), '')
    expect(unwritable(join(folder, 'file'))).toBe(
      `${join(folder, 'file', '.esbuild')} cannot be made (ENOTDIR), and this command builds there. Work on a copy of the project that you may write to.`,
    )
    expect(unwritable(folder)).toBeUndefined()
  })
})
