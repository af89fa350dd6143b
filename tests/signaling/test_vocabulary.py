"""Whatever a page sends: a message of the vocabulary, or a refusal; never anything else."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from tongban_signaling import message
from tongban_signaling.events import EVENTS
from tongban_signaling.gate import Act
from tongban_signaling.message import Message
from tongban_signaling.refusals import BadMessage
from tongban_signaling.sockets import shaped
from tongban_signaling.vocabulary import ANSWERS, ASKS, TELLS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
GOOD: dict[str, Any] = {
    "watch": {"subject": "board:1"},
    "unwatch": {"subject": "ticket:a-B_9"},
    "call.join": {"ticket": "t1", "peer": "p1"},
    "call.signal": {
        "ticket": "t1",
        "to": "clerk",
        "toPeer": "p2",
        "data": {"description": {"type": "offer", "sdp": "v=0\r\n"}},
    },
    "call.state": {"ticket": "t1", "microphone": True, "camera": False, "connection": "connected"},
    "call.leave": {"ticket": "t1"},
}


def spoilt(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good message with some of its values, at any depth, exchanged for anything."""
    exchanged = {
        name: JSON | (spoilt(value) if isinstance(value, dict) else st.just(value)) for name, value in good.items()
    }
    return st.fixed_dictionaries({}, optional=exchanged)


def answered(name: str, said: Any) -> object:
    """The message that goes out again, or what is wrong with it; any other exception is let through."""
    try:
        return json.dumps(ASKS[name].parse(said).wire())
    except BadMessage as refusal:
        return refusal.fields


def test_every_event_has_a_message_an_answer_and_an_act() -> None:
    assert set(EVENTS) == set(ASKS) == set(ANSWERS) == set(GOOD)
    assert {event.act for event in EVENTS.values()} == set(Act)


@pytest.mark.parametrize("said", [*ASKS.values(), *TELLS.values()])
def test_every_message_says_who_sends_it_and_what_answers_it(said: type[Message]) -> None:
    sentence, *told = [line.strip() for line in (said.__doc__ or "").splitlines() if line.strip()]

    assert sentence.endswith(".")
    assert [line.split(":")[0] for line in told] == ["From", "Answer"]


@pytest.mark.parametrize("name", ASKS)
def test_a_good_message_parses_and_goes_out_as_it_came_in(name: str) -> None:
    assert ASKS[name].parse(GOOD[name]).wire() == GOOD[name]


@pytest.mark.parametrize("name", ASKS)
def test_unknown_names_and_python_names_are_refused(name: str) -> None:
    with pytest.raises(BadMessage):
        ASKS[name].parse({**GOOD[name], "more": 1})
    snake = {key.replace("toPeer", "to_peer"): value for key, value in GOOD[name].items()}
    if snake != GOOD[name]:
        with pytest.raises(BadMessage):
            ASKS[name].parse(snake)


def test_a_description_and_a_candidate_have_their_bounds() -> None:
    def signal(data: dict[str, Any]) -> None:
        ASKS["call.signal"].parse({**GOOD["call.signal"], "data": data})

    signal({"description": {"type": "answer", "sdp": "a" * message.SDP_BYTES}})
    signal({"candidate": {"candidate": "a" * message.CANDIDATE_BYTES, "sdpMid": None, "sdpMLineIndex": 0}})
    for data in (
        {"description": {"type": "answer", "sdp": "a" * (message.SDP_BYTES + 1)}},
        {"description": {"type": "rollback", "sdp": "v=0"}},
        {"description": {"type": "offer", "sdp": "v=0 \u4e2d"}},
        {"candidate": {"candidate": "a" * (message.CANDIDATE_BYTES + 1)}},
        {"candidate": {"candidate": ""}, "description": {"type": "offer", "sdp": "v=0"}},
        {},
    ):
        with pytest.raises(BadMessage):
            signal(data)


@settings(max_examples=300)
@given(st.sampled_from(sorted(ASKS)), JSON)
def test_anything_at_all_is_a_message_or_a_refusal(name: str, said: Any) -> None:
    assert answered(name, said)


@settings(max_examples=400)
@given(st.sampled_from(sorted(ASKS)).flatmap(lambda name: st.tuples(st.just(name), spoilt(GOOD[name]))))
def test_a_spoilt_message_is_a_message_or_a_refusal(said: tuple[str, Any]) -> None:
    name, spoilt_message = said
    assert answered(name, spoilt_message)


@given(JSON)
def test_whatever_stands_in_an_event_packet_becomes_a_name_and_payloads(said: Any) -> None:
    name, *_ = shaped(said)

    assert isinstance(name, str)
    assert name not in ("connect", "disconnect")


def _models(said: type[BaseModel]) -> set[type[BaseModel]]:
    inner = [arg for f in said.model_fields.values() for arg in (f.annotation, *getattr(f.annotation, "__args__", ()))]
    return {said}.union(*(_models(arg) for arg in inner if isinstance(arg, type) and issubclass(arg, BaseModel)))


@pytest.mark.parametrize("said", [*ASKS.values(), *ANSWERS.values(), *TELLS.values()])
def test_everything_on_the_wire_is_frozen_closed_and_in_camel_case(said: type[Message]) -> None:
    for model in _models(said):
        assert (model.model_config.get("frozen"), model.model_config.get("extra")) == (True, "forbid")
        names = {name: f.serialization_alias or name for name, f in model.model_fields.items()}
        assert all(alias in (to_camel(name), "from") for name, alias in names.items())
