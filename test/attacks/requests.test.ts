import { addresses } from './addresses.ts'
import { bodies } from './bodies.ts'
import { callers } from './callers.ts'
import { injections } from './injections.ts'
import { limits } from './limits.ts'
import { members } from './members.ts'
import { otherTenants } from './other-tenants.ts'
import { presented } from './presented.ts'
import { sources } from './sources.ts'
import { attackSuite } from './suite.ts'
import { tenants } from './tenants.ts'

attackSuite('requests: what they hold, and who sends them', [
  ...bodies,
  ...members,
  ...callers,
  ...presented,
  ...limits,
  ...tenants,
  ...otherTenants,
  ...injections,
  ...addresses,
  ...sources,
])
