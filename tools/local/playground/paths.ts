/** Where the playground is on the local stage. No deployed stage has any of it. */

export const PLAYGROUND_PATH = '/playground'
/** The sample back end, which the stage runs for the page. */
export const BACK_END_PATH = `${PLAYGROUND_PATH}/back-end`
/** CEC's side of a chat's begin: a page hands over `thirdUserData`, and CEC asks the validate route about it. */
export const CHAT_ENTRY_PATH = `${PLAYGROUND_PATH}/cec/chat-entry`
/** The stage's calls as server-sent events. */
export const CALLS_PATH = `${PLAYGROUND_PATH}/calls`
