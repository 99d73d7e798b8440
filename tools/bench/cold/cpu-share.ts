/** Lambda's share of a processor: a control group whose processes get so much of every 20 ms and no more. */

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PERIOD_MICROSECONDS = 20_000
/** AWS: a function has one whole processor at 1,769 MB, and less in proportion. */
const MEGABYTES_OF_ONE_PROCESSOR = 1_769

export interface CpuShare {
  /** From now on all threads of the process have the share. */
  readonly limit: (processId: number) => void
  readonly close: () => void
}

const ROOT = '/sys/fs/cgroup'

/** The files of both versions of control groups. */
const versions = (quota: number) => [
  {
    folder: join(ROOT, 'cpu'),
    isThere: existsSync(join(ROOT, 'cpu', 'cpu.cfs_quota_us')),
    settings: { 'cpu.cfs_period_us': `${PERIOD_MICROSECONDS}`, 'cpu.cfs_quota_us': `${quota}` },
  },
  {
    folder: ROOT,
    isThere: existsSync(join(ROOT, 'cgroup.controllers')),
    settings: { 'cpu.max': `${quota} ${PERIOD_MICROSECONDS}` },
  },
]

/** What a function of so much memory has after INIT. Throws a sentence where this machine or user may not limit a processor. */
export const lambdaShare = (memoryMegabytes: number): CpuShare => {
  const share = Math.min(1, memoryMegabytes / MEGABYTES_OF_ONE_PROCESSOR)
  const version = versions(Math.round(share * PERIOD_MICROSECONDS)).find(({ isThere }) => isThere)
  if (version === undefined) throw new Error(CANNOT)
  const group = join(version.folder, `bench-${process.pid}-${memoryMegabytes}`)
  try {
    mkdirSync(group)
    for (const [file, value] of Object.entries(version.settings)) writeFileSync(join(group, file), value)
  } catch (cause) {
    throw new Error(CANNOT, { cause })
  }
  return {
    limit: (processId) => writeFileSync(join(group, 'cgroup.procs'), String(processId)),
    close: () => rmdirSync(group),
  }
}

const CANNOT =
  'The share of a processor that Lambda gives cannot be set here: that needs Linux with control groups, and root. Add --only tls-full.'
