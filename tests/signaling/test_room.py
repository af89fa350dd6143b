"""The room's rules alone: no sockets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban_signaling import room, tells
from tongban_signaling.asks import Signal
from tongban_signaling.member import Member
from tongban_signaling.refusals import NotYourPartner
from tongban_signaling.room import RIGHTS, Seat

MEMBERS = st.sampled_from(Member)
PEERS = st.sampled_from(["a", "b", "c"])
SEATS = st.builds(Seat, st.just("t1"), st.just(Member.CITIZEN), PEERS, st.integers(min_value=0, max_value=3))


def candidate_to(member: Member) -> Signal:
    said = {"ticket": "t1", "to": member.value, "toPeer": "p", "data": {"candidate": {"candidate": "x"}}}
    return Signal.parse(said)


def test_every_member_has_rights_and_at_most_four_send() -> None:
    assert set(RIGHTS) == set(Member)
    assert sum(rights.sends_media for rights in RIGHTS.values()) <= room.SENDING_AT_MOST


def test_of_two_who_signal_to_each_other_exactly_one_is_polite() -> None:
    pairs = [(one, other) for one in Member for other in RIGHTS[one].signals_to]

    assert pairs
    assert all(RIGHTS[one].polite != RIGHTS[other].polite and one in RIGHTS[other].signals_to for one, other in pairs)


def test_who_sends_no_media_has_nobody_to_signal_to() -> None:
    assert all(rights.sends_media == bool(rights.signals_to) for rights in RIGHTS.values())


def test_an_older_page_gives_way_before_the_others_hear_of_the_newcomer() -> None:
    replaced, joined = room.arrival(Seat("t1", Member.CLERK, "p", 5))

    assert (replaced.event, replaced.room) == ("call.replaced", "call:t1:clerk")
    assert (joined.event, joined.room) == ("call.joined", "call:t1")


def test_a_greeting_goes_to_the_newcomer_only() -> None:
    greeting = room.greeting(Seat("t1", Member.CLERK, "p", 5), Member.CITIZEN)

    assert greeting.room == "call:t1:citizen"
    assert greeting.message == tells.Here(ticket="t1", member=Member.CLERK, peer="p")


@given(MEMBERS, MEMBERS)
def test_a_signal_goes_to_a_partner_or_is_refused(sender: Member, receiver: Member) -> None:
    seat = Seat("t1", sender, "p", 1)
    if receiver not in RIGHTS[sender].signals_to:
        with pytest.raises(NotYourPartner):
            room.relay(seat, candidate_to(receiver))
        return

    assert room.relay(seat, candidate_to(receiver)).room == f"call:t1:{receiver}"


@given(st.lists(SEATS, min_size=1, max_size=4, unique_by=lambda seat: seat.peer))
def test_however_the_news_arrive_exactly_the_newest_page_stays(seats: list[Seat]) -> None:
    arrivals = [room.arrival(seat)[0].message for seat in seats]
    news = [message for message in arrivals if isinstance(message, tells.Replaced)]

    staying = [
        seat for seat in seats if not any(room.gives_way(seat, newer) for newer in news if newer.peer != seat.peer)
    ]

    assert staying == [max(seats, key=lambda seat: (seat.since, seat.peer))]
