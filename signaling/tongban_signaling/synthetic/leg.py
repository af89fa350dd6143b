"""One PeerConnection of a synthetic member, from its making to its end. It is never mended, only made anew."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from tongban_signaling.asks import Candidate, Description
from tongban_signaling.synthetic.media import LoopTrack

log = logging.getLogger(__name__)

READY = "ready"
"""The label of the data channel, and what the citizen says on it with "我到了"."""


@dataclass
class Seen:
    """What was received and decoded, over all connections of a member, and whether the other side said "ready"."""

    frames: int = 0
    sounds: int = 0
    ready: bool = False


class Leg:
    """`ice_servers` as browsers write them; an empty list asks nobody, where the library would ask a public server."""

    def __init__(self, ice_servers: Sequence[Mapping[str, Any]], seen: Seen, changed: Callable[[str], None]) -> None:
        servers = [RTCIceServer(**server) for server in ice_servers]
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._seen = seen
        self._reading: set[asyncio.Task[None]] = set()
        self._channel: Any = None
        self._says_ready = False
        self._remote_ufrag: str | None = None
        self.pc.on("track", self._read)
        self.pc.on("connectionstatechange", lambda: changed(self.pc.connectionState))

    async def offer(self) -> Description:
        """Lay out sound, picture and the data channel, without media yet."""
        for kind in ("audio", "video"):
            self.pc.addTransceiver(kind, direction="sendrecv")
        self._open_channel()
        return await self._local(await self._prepared().createOffer())

    async def answer(self, offer: Description) -> Description:
        """Agree to an offer, ready to send both ways."""
        await self._remote(offer)
        if self.pc.sctp is not None and self._channel is None:
            self._open_channel()
        return await self._local(await self._prepared().createAnswer())

    async def accept(self, answer: Description) -> None:
        """Take the answer to our offer; one that we did not ask for is dropped."""
        if self.pc.signalingState == "have-local-offer":
            await self._remote(answer)

    @property
    def unanswered(self) -> Description | None:
        """Our offer, while there is no answer to it."""
        if self.pc.signalingState != "have-local-offer":
            return None
        return Description.parse({"type": "offer", "sdp": self.pc.localDescription.sdp})

    def restarts_ice(self, offer: Description) -> bool:
        """Whether an offer restarts ICE, which the library would silently ignore."""
        return self._remote_ufrag is not None and _ufrag(offer.sdp) != self._remote_ufrag

    async def reach(self, candidate: Candidate) -> None:
        """Try one more address of the other side; only UDP can be used."""
        words = candidate.candidate.removeprefix("candidate:").split()
        if len(words) < 8 or words[2].lower() != "udp" or self.pc.remoteDescription is None:
            return
        address = candidate_from_sdp(" ".join(words))
        address.sdpMid, address.sdpMLineIndex = candidate.sdp_mid, candidate.sdp_m_line_index
        await self.pc.addIceCandidate(address)

    def send(self, sending: bool) -> None:
        """Begin or end to send the picture and the tone."""
        for transceiver in self.pc.getTransceivers():
            track = LoopTrack(transceiver.kind) if sending else None
            transceiver.sender.replaceTrack(track)
            if track is not None:
                setattr(transceiver.sender, "_send_keyframe", track.rewind)  # noqa: B010

    def say_ready(self) -> None:
        """Tell the other page as soon as the channel is open; the row of the ticket stays the truth."""
        self._says_ready = True
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(READY)

    def _channel_opened(self) -> None:
        if self._says_ready:
            self._channel.send(READY)

    async def close(self) -> None:
        """End it and everything that reads from it."""
        self.pc.remove_all_listeners()
        await self.pc.close()
        for reading in self._reading:
            reading.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _open_channel(self) -> None:
        self._channel = self.pc.createDataChannel(READY, negotiated=True, id=0)
        self._channel.on("open", self._channel_opened)
        self._channel.on("message", self._told)

    def _told(self, said: object) -> None:
        self._seen.ready = self._seen.ready or said == READY

    def _prepared(self) -> RTCPeerConnection:
        """Both ways, and pictures in the codec that ours are kept in."""
        for transceiver in self.pc.getTransceivers():
            transceiver.direction = "sendrecv"
            if transceiver.kind == "video":
                codecs = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([c for c in codecs if c.name in ("VP8", "rtx")])
        return self.pc

    async def _local(self, description: RTCSessionDescription) -> Description:
        await self.pc.setLocalDescription(description)
        made = self.pc.localDescription
        return Description.parse({"type": made.type, "sdp": made.sdp})

    async def _remote(self, description: Description) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=description.sdp, type=description.type))
        self._remote_ufrag = _ufrag(description.sdp)

    def _read(self, track: MediaStreamTrack) -> None:
        reading = asyncio.ensure_future(self._read_all(track))
        self._reading.add(reading)

    async def _read_all(self, track: MediaStreamTrack) -> None:
        """Unread media would grow in memory without bound."""
        try:
            while True:
                await track.recv()
                if track.kind == "video":
                    self._seen.frames += 1
                else:
                    self._seen.sounds += 1
        except MediaStreamError:
            return


def _ufrag(sdp: str) -> str:
    _, _, rest = sdp.partition("a=ice-ufrag:")
    return rest.split("\n", 1)[0].strip()
