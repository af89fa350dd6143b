"""The picture and the tone of a synthetic member: drawn and encoded once, then sent round and round."""

import asyncio
import math
from array import array
from fractions import Fraction
from functools import cache
from typing import Any

import av
from aiortc import MediaStreamTrack
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

WIDTH, HEIGHT, FRAMES_PER_S, FRAMES = 320, 240, 10, 30
SAMPLES_PER_S, SAMPLES, TONE_HZ = 48_000, 960, 440
TILE = 48


@cache
def picture() -> tuple[bytes, ...]:
    """Three seconds of VP8: a bright tile on a circle over a calm ground. The first frame is a key frame."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.time_base, codec.bit_rate, codec.gop_size = Fraction(1, FRAMES_PER_S), 150_000, FRAMES
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"}
    packets = [packet for turn in range(FRAMES) for packet in codec.encode(_drawn(turn))]
    return tuple(bytes(packet) for packet in [*packets, *codec.encode(None)])


def _drawn(turn: int) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    angle = 2 * math.pi * turn / FRAMES
    left = int(WIDTH / 2 - TILE / 2 + 90 * math.cos(angle))
    top = int(HEIGHT / 2 - TILE / 2 + 70 * math.sin(angle))
    frame.planes[0].update(_plane(frame.planes[0].line_size, HEIGHT, left, top, TILE, ground=70, tile=200))
    for plane, colour in zip(frame.planes[1:], (150, 95), strict=True):
        plane.update(_plane(plane.line_size, HEIGHT // 2, left // 2, top // 2, TILE // 2, ground=128, tile=colour))
    frame.pts, frame.time_base = turn, Fraction(1, FRAMES_PER_S)
    return frame


def _plane(stride: int, rows: int, left: int, top: int, size: int, *, ground: int, tile: int) -> bytes:
    empty = bytes([ground]) * stride
    marked = empty[:left] + bytes([tile]) * size + empty[left + size :]
    return b"".join(marked if top <= row < top + size else empty for row in range(rows))


@cache
def tone() -> tuple[bytes, ...]:
    """One second of Opus: a quiet, steady tone that has no seam."""
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = SAMPLES_PER_S, "mono", "s16"
    codec.bit_rate = 32_000
    packets = [packet for turn in range(SAMPLES_PER_S // SAMPLES) for packet in codec.encode(_heard(turn))]
    return tuple(bytes(packet) for packet in packets)


def _heard(turn: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES)
    first = turn * SAMPLES
    wave = (math.sin(2 * math.pi * TONE_HZ * at / SAMPLES_PER_S) for at in range(first, first + SAMPLES))
    frame.planes[0].update(array("h", (int(3000 * level) for level in wave)).tobytes())
    frame.pts, frame.sample_rate, frame.time_base = first, SAMPLES_PER_S, Fraction(1, SAMPLES_PER_S)
    return frame


class LoopTrack(MediaStreamTrack):
    """Gives encoded packets in their time, for ever; the sender packs them without encoding."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._packets = picture() if kind == "video" else tone()
        self._period_s = 1 / FRAMES_PER_S if kind == "video" else SAMPLES / SAMPLES_PER_S
        self._next = 0
        self._given = 0
        self._begun_s: float | None = None

    def rewind(self) -> None:
        """Go on with the key frame: the other side asked for one."""
        self._next = 0

    async def recv(self) -> "av.Packet[Any]":
        """The next packet, when its time has come."""
        now_s = asyncio.get_running_loop().time()
        if self._begun_s is None:
            self._begun_s = now_s
        await asyncio.sleep(max(0.0, self._begun_s + self._given * self._period_s - now_s))
        packet = av.Packet(self._packets[self._next])
        packet.time_base = Fraction(1, 90_000 if self.kind == "video" else SAMPLES_PER_S)
        packet.pts = round(self._given * self._period_s / packet.time_base)
        self._next = (self._next + 1) % len(self._packets)
        self._given += 1
        return packet
