import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSecretsFile } from '../../../tools/local/secrets-file.ts'
import { secretSamples } from '../../support/secret-samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'secrets-file-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'secrets.json')
const PREFIX = 'cec-token-bridge/local'
const TENANT = `${PREFIX}/tenants/202007159031`

const read = (content: string) => {
  writeFileSync(path, content)
  return readSecretsFile(path)
}
const readValues = (values: object) => read(JSON.stringify(values))
const refusal = (values: object): string => {
  try {
    readValues(values)
  } catch (error) {
    return (error as Error).message
  }
  return 'taken'
}

/** In the order of the sentence that names them. */
const SYSTEMS = ['cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc']
const SAMPLES = secretSamples()
const goodValue = (name: string): object => SAMPLES[name]?.value ?? {}
const nameOf = (sample: string): string =>
  SYSTEMS.includes(sample) ? `${TENANT}/${sample}` : `${PREFIX}/${sample}`

describe('tools/local/secrets-file: readSecretsFile', () => {
  it('takes every secret that a function reads, as an object and as the text of one', () => {
    const values = Object.fromEntries(
      Object.entries(SAMPLES).map(([name, { value }]) => [nameOf(name), value]),
    )
    const texts = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]),
    )
    expect(readValues(values)).toEqual(texts)
    expect(readValues(texts)).toEqual(texts)
  })

  it('takes a file behind a byte order mark, and an empty key ring', () => {
    expect(read(`\ufeff{"${PREFIX}/jwks":{"keys":[]}}\r\n`)).toEqual({ [`${PREFIX}/jwks`]: '{"keys":[]}' })
  })

  const VENDORS = SYSTEMS.map((system) => `"${TENANT}/${system}"`).join(', ')

  it.each([
    ['tenant/202007159031/cec', `expected ${VENDORS}`, 'tenants/202007159031/cec'],
    ['tenants/202007159031/huawei', `expected ${VENDORS}`, 'tenants/202007159031/cec'],
    ['tenants/202007159031/cec/', `expected ${VENDORS}`, 'tenants/202007159031/cec'],
    [
      'tenants/2020.0715/cec',
      `expected ${VENDORS.replaceAll('202007159031', '<tenantSpaceId>')}`,
      'tenants/2/cec',
    ],
    ['signing-keys', `did you mean "${PREFIX}/signing-key"?`, 'signing-key'],
    ['caller', `did you mean "${PREFIX}/callers"?`, 'callers'],
    ['JWKS', `did you mean "${PREFIX}/jwks"?`, 'jwks'],
  ])('refuses %s, which no function reads', (name, meant, twin) => {
    const sample = twin.split('/').at(-1) ?? ''
    expect(refusal({ [`${PREFIX}/${name}`]: goodValue(sample) })).toBe(
      `LOCAL_SECRETS_FILE: ${path} holds what no function can use:\n  no function reads "${PREFIX}/${name}": ${meant}`,
    )
    expect(refusal({ [`${PREFIX}/${twin}`]: goodValue(sample) })).toBe('taken')
  })

  it.each(['jwks', 'cec-token-bridge/prod/jwks', 'cec-token-bridge/locale/jwks'])(
    'refuses %s, which is of no local stage',
    (name) => {
      expect(refusal({ [name]: goodValue('jwks') })).toContain(
        `no function reads "${name}": expected a name that begins with "cec-token-bridge/local/"`,
      )
      expect(refusal({ [`${PREFIX}/jwks`]: goodValue('jwks') })).toBe('taken')
    },
  )

  it.each([
    [
      'cec',
      'a member that is missing',
      { appSecret: undefined },
      'appSecret: expected 1 to 512 printable ASCII',
    ],
    [
      'cec',
      'an unknown member',
      { appsecret: 'sentinel' },
      'expected no members but tokenUrl, applyTokenUrl',
    ],
    [
      'cec',
      'a member of another type',
      { appKey: ['sentinel'] },
      'appKey: expected 1 to 512 printable ASCII',
    ],
    [
      'cec',
      'a time out of range',
      { tokenExpireSeconds: 86_400 },
      'tokenExpireSeconds: expected whole seconds from 600',
    ],
    ['live', 'another address', { endpoint: 'sentinel' }, 'endpoint: expected an https URL'],
  ])('refuses of %s %s, and names the field and what was expected', (system, _, change, expected) => {
    const told = refusal({ [`${TENANT}/${system}`]: { ...goodValue(system), ...change } })
    expect(told).toContain(`\n  secret ${TENANT}/${system}: `)
    expect(told).toContain(expected)
    expect(told).not.toContain('sentinel')
    expect(refusal({ [`${TENANT}/${system}`]: goodValue(system) })).toBe('taken')
  })

  it('tells all faults together', () => {
    const told = refusal({ [`${PREFIX}/jwk`]: {}, [`${TENANT}/cec`]: {}, [`${TENANT}/oiap`]: 'no JSON' })
    expect(told.split('\n')).toHaveLength(4)
  })

  it.each([
    ['{"cec-token-bridge/local/jwks": sentinel}', 'is not JSON. To go on, look at line 1, column 33.'],
    ['{"a":{"b":1,"b":2}}', 'gives a member of an object twice. To go on, take one of the two out.'],
    ['[]', 'is not a JSON object. To go on, write {"<secret name>": <value>}.'],
  ])('refuses the file %s without a word of it', (content, sentence) => {
    expect(() => read(content)).toThrow(new Error(`LOCAL_SECRETS_FILE: ${path} ${sentence}`))
    expect(read('{}')).toEqual({})
  })

  it('refuses a file that is not there', () => {
    expect(() => readSecretsFile(join(folder, 'missing.json'))).toThrow(
      'cannot be read (ENOENT). To go on, correct the path, or unset LOCAL_SECRETS_FILE.',
    )
  })
})
