"""Keeps strangers' datagrams away from DTLS.

The ICE library hands every datagram that is not STUN to DTLS, from any source. One stray ClientHello or plaintext alert
during the set-up then ends the call (the DTLS race of 2023, closed elsewhere by the same means as here): a datagram
counts only when its source has passed an ICE check, that is, when it sent a check with our password, or answered one of
ours. `install` patches the library, once; a contract test tells when the library has changed under it.
"""

import struct
from typing import Any

from aioice.ice import CandidatePair, Connection, StunProtocol

LAST_STUN_BYTE = 3
"""RFC 7983: a first byte of 0 to 3 is STUN."""

Source = tuple[str, int]

_hear_datagram = StunProtocol.datagram_received
_hear_check = Connection.check_incoming


def _passed(connection: Connection) -> set[Source]:
    passed: set[Source] = connection.__dict__.setdefault("sources_that_passed", set())
    return passed


def has_passed(connection: Connection, source: Source) -> bool:
    """Whether this source has passed an ICE check on this connection."""
    passed = _passed(connection)
    if source in passed:
        return True
    answered = any(
        pair.remote_addr == source and pair.state is CandidatePair.State.SUCCEEDED for pair in connection._check_list
    )
    early = any(address == source for _, address, _ in connection._early_checks)
    if answered or early:
        passed.add(source)
    return answered or early


def _datagram_received(protocol: StunProtocol, data: Any, address: tuple[Any, ...]) -> None:
    """Datagrams that are neither STUN nor from a source that passed, and STUN that cannot be read, are dropped."""
    if not data:
        return
    if data[0] > LAST_STUN_BYTE and not has_passed(protocol.receiver, (address[0], address[1])):
        return
    try:
        _hear_datagram(protocol, data, address)
    except struct.error:
        return


def _check_incoming(connection: Connection, message: Any, address: Source, protocol: StunProtocol) -> None:
    """The library calls this only for checks that carry our password."""
    _passed(connection).add(address)
    _hear_check(connection, message, address, protocol)


def install() -> None:
    """Put the filter in. Doing it twice changes nothing."""
    StunProtocol.datagram_received = _datagram_received  # type: ignore[method-assign, assignment]
    Connection.check_incoming = _check_incoming  # type: ignore[method-assign, assignment]
