/** The stage serves the built client under this name. */
export * from '../../client/src/index.ts'
