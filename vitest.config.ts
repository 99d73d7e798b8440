import { defineConfig } from 'vitest/config'

/** Tables of faults, each tried on everything that can have it. Together they take half as long as all other unit tests. */
const FAULTS = [
  'test/functions/{vendor-faults/*,doctor/faults,probe-faults}.test.ts',
  'test/lib/signing-keys/rotation-mistakes.test.ts',
]

export default defineConfig({
  test: {
    // Half of what the tests do is wait for child processes and loopback: the default leaves a small machine idle. Unit tests wait the most:
    // `npm test` gives them one more.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['lib/**'],
      reporter: ['text-summary', ['text', { skipFull: true }]],
      thresholds: { branches: 95, 'lib/{vendors,outbound,circuit-breaker}/**': { branches: 95 } },
    },
    projects: [
      {
        test: {
          name: 'unit',
          // One process for many files, see test/support/setup.ts.
          isolate: false,
          setupFiles: ['test/support/setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/{attacks,aws-cli,browser,chaos,e2e,examples,identity-providers,load,release,template/stages,tools/bench}/**',
            ...FAULTS,
          ],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'faults',
          isolate: false,
          setupFiles: ['test/support/setup.ts'],
          include: FAULTS,
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e-more',
          include: ['test/e2e/more/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'stages',
          setupFiles: ['test/support/setup.ts'],
          include: ['test/template/stages/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'attacks',
          setupFiles: ['test/support/setup.ts'],
          include: ['test/attacks/**/*.test.ts'],
          hookTimeout: 60_000, // its world has every route
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'chaos',
          setupFiles: ['test/support/setup.ts'],
          include: ['test/{chaos,load,tools/bench}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: { name: 'aws-cli', include: ['test/aws-cli/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        test: {
          name: 'examples',
          globalSetup: ['test/examples/stage.ts'],
          include: ['test/examples/**/*.test.ts'],
          // A stage and three back ends at a time are enough for a small machine.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 600_000, // Maven's first download
        },
      },
      {
        test: {
          name: 'release',
          globalSetup: ['test/release/made.ts'],
          include: ['test/release/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'identity-providers',
          setupFiles: ['test/support/setup.ts'],
          include: ['test/identity-providers/**/*.test.ts'],
          // Two Keycloaks at a time are too much for a small machine.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
