import { describe, expect, it } from 'vitest'
import { proberWarnings } from '../../../tools/package/prober.ts'

const domain = { name: 'api.example.com', certificateArn: 'arn' }
const vpc = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] }
const open = { vpc: undefined, domain: undefined, isExecuteApiDisabled: false }

describe('tools/package/prober', () => {
  it('warns of a list of sources without an address of its own, and of nothing in a VPC or without a list', () => {
    expect(proberWarnings({ network: open, sourceCidrs: '203.0.113.0/24' })).toEqual([
      expect.stringMatching(/^probe is true, and cecSourceCidrs names who may ask: .* is refused\. /),
    ])
    expect(proberWarnings({ network: { ...open, vpc }, sourceCidrs: '203.0.113.0/24' })).toEqual([])
    expect(proberWarnings({ network: open, sourceCidrs: ' ' })).toEqual([])
  })

  it('warns of client certificates at the only address, and of nothing where there is another', () => {
    const mutual = { ...domain, truststoreUri: 's3://bucket/ca.pem' }
    expect(
      proberWarnings({ network: { ...open, domain: mutual, isExecuteApiDisabled: true }, sourceCidrs: '' }),
    ).toEqual([expect.stringContaining('asks for client certificates')])
    expect(proberWarnings({ network: { ...open, domain: mutual }, sourceCidrs: '' })).toEqual([])
    const plain = { ...domain, truststoreUri: undefined }
    expect(
      proberWarnings({ network: { ...open, domain: plain, isExecuteApiDisabled: true }, sourceCidrs: '' }),
    ).toEqual([])
  })
})
