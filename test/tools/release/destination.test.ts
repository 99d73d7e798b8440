import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertReplaceable, replaceRelease } from '../../../tools/release/destination.ts'
import { digestsOf, namesOf, sumsText } from '../../../tools/release/digests.ts'

let folder: string
let root: string
let to: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-destination-'))
  root = join(folder, 'clone')
  to = join(folder, 'to')
  mkdirSync(root)
  writeFileSync(join(root, 'kept'), 'kept')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What `npm run release` leaves, as far as it is looked at. */
const makeRelease = (at: string, content = 'a'): void => {
  mkdirSync(join(at, 'functions'), { recursive: true })
  writeFileSync(join(at, 'functions', 'a.zip'), content)
  writeFileSync(join(at, 'SHA256SUMS'), sumsText(digestsOf(at)))
  writeFileSync(join(at, 'provenance.json'), '{}')
}

const UNTOUCHED = 'Nothing was changed. Name a folder that is new, empty, or an earlier release.'

describe('tools/release/destination: assertReplaceable', () => {
  it.each<[string, () => void]>([
    ['nothing', () => {}],
    ['an empty folder', () => mkdirSync(to)],
    ['an earlier release', () => makeRelease(to)],
    [
      'an earlier release that is signed',
      () => {
        makeRelease(to)
        writeFileSync(join(to, 'provenance.dsse.json'), '{}')
      },
    ],
  ])('takes %s', (_, prepare) => {
    prepare()
    expect(() => assertReplaceable(to, root)).not.toThrow()
  })

  it.each<[string, string, () => void]>([
    ['a file', 'is no folder', () => writeFileSync(to, '')],
    ['a link, which may lead anywhere', 'is no folder', () => symlinkSync(root, to)],
    [
      'a folder of something else',
      'is not empty, and no earlier release',
      () => {
        mkdirSync(to)
        writeFileSync(join(to, 'SHA256SUMS'), '')
      },
    ],
    [
      'a folder of folders alone',
      'is not empty, and no earlier release',
      () => mkdirSync(join(to, 'a'), { recursive: true }),
    ],
    [
      'an earlier release with a file of a person in it',
      'holds functions/key.pem beside the release that is there',
      () => {
        makeRelease(to)
        writeFileSync(join(to, 'functions', 'key.pem'), '')
      },
    ],
  ])('refuses %s', (_, why, prepare) => {
    prepare()
    expect(() => assertReplaceable(to, root)).toThrow(`--to: ${to} ${why}. ${UNTOUCHED}`)
  })

  it('refuses the clone and the folders that hold it, even when an earlier release is there', () => {
    for (const at of [root, folder]) {
      makeRelease(at)
      expect(() => assertReplaceable(at, root)).toThrow(`--to: ${at} holds this clone. ${UNTOUCHED}`)
    }
    expect(() => assertReplaceable('/', root)).toThrow('--to: / holds this clone.')
    makeRelease(join(root, 'release', '1.0.0'))
    expect(() => assertReplaceable(join(root, 'release', '1.0.0'), root)).not.toThrow()
  })
})

describe('tools/release/destination: replaceRelease', () => {
  const filesOf = () => namesOf(folder).filter((name) => name !== 'clone/kept')
  const inFunctions = () => readFileSync(join(to, 'functions', 'a.zip'), 'utf8')

  it('puts what was made in the place of the earlier release, and leaves nothing beside it', async () => {
    makeRelease(to, 'earlier')
    writeFileSync(join(to, 'provenance.dsse.json'), 'signed earlier')
    const made = await replaceRelease({ to, root }, async (at) => {
      expect(inFunctions()).toBe('earlier')
      makeRelease(at, 'new')
      return 'made'
    })
    expect(made).toBe('made')
    expect(inFunctions()).toBe('new')
    expect(filesOf()).toEqual(['to/SHA256SUMS', 'to/functions/a.zip', 'to/provenance.json'])
  })

  it('makes the folders above, and fills an empty folder', async () => {
    to = join(folder, 'deeper', 'to')
    await replaceRelease({ to, root }, async (at) => makeRelease(at, 'new'))
    expect(inFunctions()).toBe('new')
    to = join(folder, 'empty')
    mkdirSync(to)
    await replaceRelease({ to, root }, async (at) => makeRelease(at, 'new'))
    expect(inFunctions()).toBe('new')
  })

  it('leaves the earlier release as it was when the new one fails', async () => {
    makeRelease(to, 'earlier')
    const before = digestsOf(to)
    const failed = replaceRelease({ to, root }, async (at) => {
      makeRelease(at, 'half')
      throw new Error('no package')
    })
    await expect(failed).rejects.toThrow('no package')
    expect(digestsOf(to)).toEqual(before)
    expect(filesOf()).toEqual(before.map(({ name }) => `to/${name}`))
  })

  it('replaces nothing that came there meanwhile', async () => {
    const made = replaceRelease({ to, root }, async (at) => {
      makeRelease(at)
      mkdirSync(to)
      writeFileSync(join(to, 'work'), 'of a day')
    })
    await expect(made).rejects.toThrow('is not empty, and no earlier release')
    expect(filesOf()).toEqual(['to/work'])
  })

  it('makes nothing where it would be refused', async () => {
    let called = false
    const refused = replaceRelease({ to: root, root }, async () => {
      called = true
    })
    await expect(refused).rejects.toThrow('holds this clone')
    expect([called, existsSync(join(root, 'kept'))]).toEqual([false, true])
  })
})
