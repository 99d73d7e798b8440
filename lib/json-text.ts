export const repeatsMember = (text: string): boolean => text === '\u0000'
