/** RTC channels that a page's access token does not name: any of them would let its user into other people's calls. */

import { type Attack, withBody } from './attack.ts'
import { CREDENTIALS, goodWith } from './presented.ts'
import type { RouteName } from './routes.ts'
import { PROTOTYPE_NAMES } from './world.ts'

const PLACES: readonly (readonly [RouteName, member: string])[] = [
  ['liveRtcToken', 'ChannelID'],
  ['auiRoomToken', 'room_id'],
  ['auiAgentToken', 'channel_id'],
]

const CHANNELS: readonly (readonly [name: string, channel: string])[] = [
  ['another one', 'room-2'],
  ['one that begins alike', 'room-'],
  ['one that goes on', 'room-10'],
  ['its letters in another case', 'ROOM-1'],
  ...PROTOTYPE_NAMES.map((name) => [name, name] as const),
]

export const rtcChannels: readonly Attack[] = PLACES.flatMap(([route, member]) =>
  CHANNELS.map(
    ([name, channel]): Attack => ({
      theme: 'RTC channels',
      attack: `${member}: ${name}`,
      route,
      code: 'CHANNEL_FORBIDDEN',
      twin: goodWith(route, CREDENTIALS.access),
      spoil: (good) => withBody(good, { [member]: channel }),
    }),
  ),
)
