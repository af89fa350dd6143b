import { expect, test } from 'vitest'
import { beginAt } from '@/call/bitrate'

const sdp = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('')

test('every video codec is told where to begin, repairs and sound are not', () => {
  const before = sdp('v=0', 'm=audio 9 x 111', 'a=rtpmap:111 opus/48000/2', 'm=video 9 x 96 97 98', 'a=rtpmap:96 VP8/90000', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96', 'a=rtpmap:98 H264/90000', 'a=fmtp:98 profile-level-id=42e01f', 'm=application 9 x y')

  expect(beginAt(before, 500)).toBe(
    sdp('v=0', 'm=audio 9 x 111', 'a=rtpmap:111 opus/48000/2', 'm=video 9 x 96 97 98', 'a=rtpmap:96 VP8/90000', 'a=fmtp:96 x-google-start-bitrate=500', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96', 'a=rtpmap:98 H264/90000', 'a=fmtp:98 profile-level-id=42e01f;x-google-start-bitrate=500', 'm=application 9 x y'),
  )
})
test('a description without video stays as it is', () => {
  expect(beginAt(sdp('v=0', 'm=audio 9 x 111'))).toBe(sdp('v=0', 'm=audio 9 x 111'))
})
