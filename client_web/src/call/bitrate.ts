/**
 * A browser learns how much a way carries from the first seconds of media. On a way that was warmed without media it
 * has learnt nothing: Chromium then starts at 320×180 and stays there for half a minute (measured). So the other
 * side's description tells it where to begin; real congestion still brings it down within a second.
 */
const START_KBPS = 800
const VIDEO = /m=video [^]*?(?=\r\nm=|$)/
const CODEC = /a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/90000/g

/** The description with the rate, in kbit/s, at which our video is to begin. Browsers that know no such hint ignore it. */
export function beginAt(sdp: string, kbps = START_KBPS): string {
  return sdp.replace(VIDEO, (video) => {
    let told = video
    for (const [line, payload] of video.matchAll(CODEC)) told = hint(told, line, payload!, kbps)
    return told
  })
}

function hint(video: string, line: string, payload: string, kbps: number): string {
  const parameters = new RegExp(`(a=fmtp:${payload} [^\\r\\n]*)`)
  const word = `x-google-start-bitrate=${kbps}`
  if (parameters.test(video)) return video.replace(parameters, `$1;${word}`)
  return video.replace(line, `${line}\r\na=fmtp:${payload} ${word}`)
}
