import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askedIn, directoryOf } from '../../../../tools/operator/restore/arguments.ts'

const folder = mkdtempSync(join(tmpdir(), 'restore-arguments-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const STAGE = ['--stage', 'prod', '--region', 'eu-west-1']
const SINCE = ['--since', '2026-11-29T06:00:00Z']
const AUDIT = ['--audit', 'audit.jsonl']
const GOOD = [...STAGE, ...SINCE, ...AUDIT]
const KID = 'a-key-that-was-dropped-since-then-012345678'

const NO_MOMENT = '--since: expected a moment, such as 2026-11-29T06:00:00Z.'
const UNTIL = '--until: goes with --from, and is a moment after --since that has passed.'
const OWN_TABLE =
  "--from: expected another table than the stage's own directory. Where that was restored under its own name, leave --from out."

describe('tools/operator/restore/arguments', () => {
  it.each([
    [[...STAGE, ...AUDIT], NO_MOMENT],
    [[...STAGE, ...AUDIT, '--since', 'yesterday'], NO_MOMENT],
    [[...STAGE, ...AUDIT, '--since', '2999-11-29T06:00:00Z'], '--since: expected a moment that has passed.'],
    [[...STAGE, ...SINCE], '--audit: name the file of the log lines.'],
    [[...GOOD, '--until', '2026-11-29T06:01:00Z'], UNTIL],
    [[...GOOD, '--from', 'restored', '--until', '2026-11-29T05:59:59Z'], UNTIL],
    [[...GOOD, '--from', 'restored', '--until', '2999-11-29T06:00:00Z'], UNTIL],
    [[...GOOD, '--from', directoryOf('prod')], OWN_TABLE],
    [[...GOOD, '--from', `arn:aws:dynamodb:eu-west-1:123456789012:table/${directoryOf('prod')}`], OWN_TABLE],
    [
      [...GOOD, '--revoked-key', KID, '--revoked-key', `${KID}4`],
      '--revoked-key: expected the id of a key: 43 letters, digits, underscores or hyphens.',
    ],
    [
      [...GOOD, '--tenants', fileOf('wrong', 'T-1\nT-2 T/3\n')],
      '--tenants: line 2: expected 1 to 64 letters, digits, underscores or hyphens.',
    ],
  ])('refuses %j', (line, sentence) => {
    const asked = () => askedIn(line)
    expect(asked).toThrow(expect.objectContaining({ message: expect.stringContaining(sentence) }))
  })

  it('takes the twins of these', () => {
    const line = [
      ...[...GOOD, '--from', `${directoryOf('prod')}-restored`, '--until', '2026-11-29T06:01:00Z'],
      ...['--revoked-key', KID, '--tenants', fileOf('good', 'T-1\nT-2 T_3\n')],
    ]
    expect(askedIn(line)).toMatchObject({
      since: Date.UTC(2026, 10, 29, 6),
      until: new Date(Date.UTC(2026, 10, 29, 6, 1)),
      auditFile: 'audit.jsonl',
      from: `${directoryOf('prod')}-restored`,
      tenants: ['T-1', 'T-2', 'T_3'],
      revokedKeys: [KID],
    })
  })
})
