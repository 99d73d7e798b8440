/** What is wrong with a file of this machine, by the file system's own code. */

const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'you may not read or write it',
  EDQUOT: 'your share of the disk is full',
  EEXIST: 'something of another kind has this name',
  EISDIR: 'it is a folder, and a file was expected',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it is not there, or its folder is not',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'what should be its folder is a file',
  EPERM: 'you may not read or write it',
  EROFS: 'nothing can be written there',
}

/** A sentence's part; undefined for what is no failure of a file. A network has some of these codes too, when it connects. */
export const fileFault = (error: unknown): string | undefined => {
  const { code = '', syscall } = (error ?? {}) as NodeJS.ErrnoException
  return syscall !== 'connect' && Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined
}
