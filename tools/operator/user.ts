import type { Command } from './command.ts'
export const userCommand: Command = { usage: 'npm run user -- x', help: 'x', run: async () => undefined }
