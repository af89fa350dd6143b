"""The contract with the ICE library: the seams that the filter needs, and what it is for."""

import asyncio
import inspect
import socket

import pytest
from aioice.ice import Connection, StunProtocol
from aiortc import RTCConfiguration, RTCPeerConnection

from tests.signaling.hall import until
from tongban_signaling.synthetic import source_filter

CLIENT_HELLO = bytes.fromhex("16feff0000000000000000002d010000210000000000000021fefd") + bytes(32)
PLAIN_ALERT = bytes.fromhex("15feff000000000000000000020228")


def test_the_seams_are_where_the_filter_needs_them() -> None:
    source_filter.install()
    source_filter.install()

    assert StunProtocol.datagram_received is source_filter._datagram_received
    assert Connection.check_incoming is source_filter._check_incoming
    assert list(inspect.signature(source_filter._hear_datagram).parameters) == ["self", "data", "addr"]
    assert list(inspect.signature(source_filter._hear_check).parameters) == ["self", "message", "addr", "protocol"]
    connection = Connection(ice_controlling=True)
    assert (list(connection._check_list), list(connection._early_checks)) == ([], [])


@pytest.mark.parametrize(
    "stray",
    [CLIENT_HELLO, PLAIN_ALERT, b"\x00\x01", b"", b"\x01" * 20],
    ids=["hello", "alert", "short", "empty", "no_stun"],
)
async def test_a_call_comes_up_while_a_stranger_sprays_it(stray: bytes) -> None:
    one, other = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    one.createDataChannel("ready", negotiated=True, id=0)
    await one.setLocalDescription(await one.createOffer())
    spraying = asyncio.create_task(spray(one, stray))
    try:
        await other.setRemoteDescription(one.localDescription)
        await other.setLocalDescription(await other.createAnswer())
        await one.setRemoteDescription(other.localDescription)

        await until(lambda: one.connectionState == other.connectionState == "connected", 10)
    finally:
        spraying.cancel()
        await asyncio.gather(spraying, return_exceptions=True)
        await one.close()
        await other.close()


async def spray(target: RTCPeerConnection, datagram: bytes) -> None:
    """Send a datagram to every address of a peer, over and over, from a source that passed no check."""
    lines = [line.split() for line in target.localDescription.sdp.splitlines() if line.startswith("a=candidate")]
    addresses = [(words[4], int(words[5])) for words in lines if "." in words[4]]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        while True:
            for address in addresses:
                stranger.sendto(datagram, address)
            await asyncio.sleep(0.002)
