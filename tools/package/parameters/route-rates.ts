/** Limits of routes: `routeRates`. */

/** API Gateway's own limit of an account is 10,000 unless AWS has raised it. */
const MOST = 100_000

/** What is wrong with one entry, such as `validateEnterpriseToken=1000`. `functions` are those that have a route. */
export const routeRateFault =
  (functions: readonly string[]) =>
  (entry: string): string | undefined => {
    const [, name = '', rate] = /^(\w+)=([1-9]\d{0,6})$/.exec(entry) ?? []
    if (rate === undefined) return 'expected <function>=<requests a second>'
    if (!functions.includes(name)) return `expected one of ${functions.join(', ')} before the "="`
    return Number(rate) > MOST ? `expected at most ${MOST} requests a second` : undefined
  }
