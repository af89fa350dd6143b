"""The closed vocabulary of each direction: a name that is not here cannot be said."""

from collections.abc import Mapping
from types import MappingProxyType

from tongban_signaling import asks, tells
from tongban_signaling.message import Message

ASKS: Mapping[str, type[Message]] = MappingProxyType(
    {
        "watch": asks.Watch,
        "unwatch": asks.Unwatch,
        "call.join": asks.Join,
        "call.signal": asks.Signal,
        "call.state": asks.State,
        "call.leave": asks.Leave,
    }
)
"""Page -> hall."""

ANSWERS: Mapping[str, type[Message]] = MappingProxyType(
    {
        "watch": tells.Watched,
        "unwatch": tells.Done,
        "call.join": tells.Seated,
        "call.signal": tells.Done,
        "call.state": tells.Done,
        "call.leave": tells.Done,
    }
)
"""What acknowledges each ask when it is not refused."""

TELLS: Mapping[str, type[Message]] = MappingProxyType(
    {
        "fact": tells.Fact,
        "beat": tells.Beat,
        "place": tells.Place,
        "call.joined": tells.Joined,
        "call.here": tells.Here,
        "call.signal": tells.Signal,
        "call.state": tells.State,
        "call.left": tells.Left,
        "call.replaced": tells.Replaced,
        "signed_out": tells.SignedOut,
    }
)
"""Hall -> page."""
