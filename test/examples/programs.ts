/** Every example: what it needs, and the commands of examples/README.md that build and run it. */

import { spawnSync } from 'node:child_process'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'

export interface Program {
  readonly needs: Needs
  /** Builds it, once. Nothing for a program of one file. */
  readonly build?: string
  readonly run: string
}

/** A command that fails where the toolchain is missing, and what installs it. */
export interface Needs {
  readonly probe: string
  readonly install: string
}

const debian = (packages: string): string => `apt-get install -y --no-install-recommends ${packages}`

const JAVA = { probe: 'mvn -version && javac -version', install: debian('maven openjdk-17-jdk-headless') }
const PYTHON = { probe: 'python3 -c "import ensurepip"', install: debian('python3-venv') }
const NODE = {
  // The first that runs TypeScript as it stands.
  probe: 'node -e "process.exit(process.features.typescript ? 0 : 1)"',
  install: 'Node 22.18 or later',
}
const PHP = { probe: 'php -r "exit(PHP_VERSION_ID < 80100 ? 1 : 0);"', install: debian('php-cli') }

export const BACK_ENDS: Readonly<Record<string, Program>> = {
  Python: { needs: PYTHON, run: 'python3 examples/python/back_end.py' },
  Java: {
    needs: JAVA,
    build: 'mvn -q -f examples/java/back-end package',
    run: 'java -jar examples/java/back-end/target/back-end.jar',
  },
  PHP: { needs: PHP, run: 'php -S 127.0.0.1:${PORT:-8081} examples/php/back-end.php' },
  TypeScript: {
    needs: NODE,
    build:
      'npm ci --prefix examples/typescript && npm run types --prefix examples/typescript && npm run check --prefix examples/typescript',
    run: 'node examples/typescript/back-end.ts',
  },
}

/** Each takes a tenantSpaceId behind it, and tokens on its standard input. */
export const VERIFIERS: Readonly<Record<string, Program>> = {
  Python: {
    needs: PYTHON,
    build:
      'python3 -m venv examples/python/.venv && examples/python/.venv/bin/pip install -q -r examples/python/requirements.txt',
    run: 'examples/python/.venv/bin/python examples/python/verify.py',
  },
  Java: {
    needs: JAVA,
    build: 'mvn -q -f examples/java/verifier package',
    run: 'java -jar examples/java/verifier/target/verifier.jar',
  },
}

/** The two clients, each with one more setting that the tests need: where the stage is. */
export const COLLECTIONS: Readonly<Record<string, Program>> = {
  Bruno: {
    needs: {
      probe: 'test -x tools/collections/node_modules/.bin/bru',
      install: 'npm run collections -- --install',
    },
    run: '(cd examples/bruno && ../../tools/collections/node_modules/.bin/bru run -r --env local)',
  },
  Postman: {
    needs: {
      probe: 'test -x tools/collections/node_modules/.bin/newman',
      install: 'npm run collections -- --install',
    },
    run: 'tools/collections/node_modules/.bin/newman run examples/postman/cec-token-bridge.postman_collection.json -e examples/postman/local.postman_environment.json --env-var callerKey=$CALLER_KEY',
  },
}

/**
 * Says loudly what to install before this program can run; undefined where nothing is missing. In CI a missing toolchain is a
 * fault of `.ci/run`, and throws.
 */
export const missing = (name: string, { probe, install }: Needs): string | undefined => {
  if (spawnSync('sh', ['-c', probe], { cwd: PROJECT_ROOT }).status === 0) return undefined
  const sentence = `${name} IS SKIPPED: nothing is shown about it, since its toolchain is missing (${install})`
  if (process.env['CI'] !== undefined) throw new Error(sentence)
  console.warn(sentence)
  return sentence
}
