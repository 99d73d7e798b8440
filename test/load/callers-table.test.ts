import { describeCallers } from '../support/many-callers.ts'

describeCallers(10_000)
