/** What keeps a prober that is switched on from the stage's own address. */

import type { Network } from './network-parameters.ts'

export interface Probed {
  readonly network: Network
  /** Who may call the validate routes: a list, or empty for anybody. */
  readonly sourceCidrs: string
}

/** Sentences; none where nothing does. */
export const proberWarnings = ({ network, sourceCidrs }: Probed): readonly string[] => [
  ...(sourceCidrs.trim() !== '' && network.vpc === undefined
    ? [
        'probe is true, and cecSourceCidrs names who may ask: without vpcSubnetIds the prober has no fixed address, and is refused. Put the functions into a VPC and its address into the list, or switch the prober off.',
      ]
    : []),
  ...(network.domain?.truststoreUri !== undefined && network.isExecuteApiDisabled
    ? [
        'probe is true, and the only address of the stage asks for client certificates, which the prober has none of. Leave disableExecuteApiEndpoint false and let the prober ask there, or switch it off.',
      ]
    : []),
]
