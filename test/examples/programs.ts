/** Every example: what it needs, and the commands of examples/README.md that build and run it. */

import { spawnSync } from 'node:child_process'

export interface Program {
  /** A command that fails where the toolchain is missing, and what Debian calls the toolchain. */
  readonly needs: { readonly probe: string; readonly packages: string }
  /** Builds it, once. Nothing for a program of one file. */
  readonly build?: string
  readonly run: string
}

const JAVA = { probe: 'mvn -version && javac -version', packages: 'maven openjdk-17-jdk-headless' }
const PYTHON = { probe: 'python3 -c "import ensurepip"', packages: 'python3-venv' }
const PHP = { probe: 'php -r "exit(PHP_VERSION_ID < 80100 ? 1 : 0);"', packages: 'php-cli' }

export const BACK_ENDS: Readonly<Record<string, Program>> = {
  Python: { needs: PYTHON, run: 'python3 examples/python/back_end.py' },
  Java: {
    needs: JAVA,
    build: 'mvn -q -f examples/java/back-end package',
    run: 'java -jar examples/java/back-end/target/back-end.jar',
  },
  PHP: { needs: PHP, run: 'php -S 127.0.0.1:${PORT:-8081} examples/php/back-end.php' },
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

/**
 * What to install before this program can run, as a sentence; undefined where nothing is missing. In CI a missing toolchain is a
 * fault of `.ci/run`, and throws.
 */
export const missing = ({ needs }: Program): string | undefined => {
  if (spawnSync('sh', ['-c', needs.probe]).status === 0) return undefined
  const sentence = `SKIPPED, nothing is shown about this example: its toolchain is missing (apt-get install -y --no-install-recommends ${needs.packages})`
  if (process.env['CI'] !== undefined) throw new Error(sentence)
  return sentence
}
