/**
 * Every route, each once and as data: the function's wiring, the settings and secrets that it reads at its start, and the tables of
 * tests and documents are made from this or held against it. Imported by name, so that a package holds its own route alone.
 */

export * from './routes/cec.ts'
export * from './routes/live.ts'
export * from './routes/oiap.ts'
export * from './routes/tokens.ts'
export * from './routes/users.ts'
