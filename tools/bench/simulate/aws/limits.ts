/**
 * AWS's limits as the simulation has them: the default quotas of an account in one region, from the services' own pages of quotas.
 * All are rates of one second, but where a name says otherwise.
 */

export const DYNAMODB = {
  /** Of one partition. An item never spans two, so this also bounds one item, however well the others are spread. */
  itemReadUnits: 3_000,
  itemWriteUnits: 1_000,
  /** The account's quota for one on-demand table. */
  tableReadUnits: 40_000,
  tableWriteUnits: 40_000,
  /** The warm throughput of a new on-demand table: what it takes at once. */
  newTableReadUnits: 12_000,
  newTableWriteUnits: 4_000,
  /** Bytes of one unit of a consistent read, and of one of a write. */
  readUnitBytes: 4_096,
  writeUnitBytes: 1_024,
} as const

export const LAMBDA = {
  /** At once, in all functions of an account. A new account has 10. */
  executions: 1_000,
  /** New sandboxes of one function in ten seconds. */
  newSandboxesPerTenSeconds: 1_000,
  /** Requests a second for each execution that a function may have. */
  requestsPerExecution: 10,
  /** Memory at which a sandbox has one whole processor. */
  processorMb: 1_769,
} as const

export const API_GATEWAY = { requests: 10_000, burst: 5_000 } as const

export const SECRETS_MANAGER = {
  reads: 10_000,
  lists: 100,
  /** Names of one page of a list. */
  namesPerPage: 100,
} as const

/** The part of a processor that a sandbox of this memory has. */
export const processorShare = (memoryMb: number): number => memoryMb / LAMBDA.processorMb
