import { describeCallers } from '../support/many-callers.ts'

// `npm run chaos` has ten times as many: `test/load/callers-table.test.ts`.
describeCallers(1_000)
