/** The object that CEC's ready chat control takes from the page in token mode. */

/** `thirdUserData` of the answer of `POST /enterprise-tokens`, as the page's back end hands it over. */
export interface ThirdUserData {
  readonly thirdUserToken: string
  readonly thirdUserName: string
  readonly thirdUserId: string
}

export interface ControlOf {
  readonly thirdUserData: ThirdUserData
  readonly tenantSpaceId: string
  /** The id of the web channel's configuration. */
  readonly channelConfigId: string
  /** Such as `en` or `en_US`. */
  readonly locale: string
  /** Data of the page's own for CEC's flows; empty by default. */
  readonly transData?: string
  /** Milliseconds since 1970; now by default. */
  readonly timestamp?: number
}

export interface PageObject extends ThirdUserData {
  readonly tenantSpaceId: string
  readonly channelConfigId: string
  readonly locale: string
  readonly timestamp: string
  readonly transData: string
}

/** All eight members, each a string. Throws a TypeError that names a member that is not given. */
export const pageObject = (control: ControlOf): PageObject => {
  const { thirdUserData, tenantSpaceId, channelConfigId, locale, transData = '' } = control
  const { thirdUserToken, thirdUserName, thirdUserId } = thirdUserData
  const mandatory = { thirdUserToken, thirdUserName, thirdUserId, tenantSpaceId, channelConfigId, locale }
  for (const [name, value] of Object.entries(mandatory)) {
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name}: expected a text`)
  }
  return { ...mandatory, timestamp: String(control.timestamp ?? Date.now()), transData }
}
