"""Messages to phones: what is written and when, once each; the operator's gateway; the demo's outbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.server.conftest import Stocked
from tests.server.hall import CHEN, LI, Hall, errand, open_hall, sqlite_copy
from tongban_server.messages import outbox
from tongban_server.messages.messenger import Gateway
from tongban_server.messages.outbox import Message, MessageKind, MessageState
from tongban_server.messages.post import deliver

ZHAO = {"name": "赵示例", "idNumber": "150299199103200029", "phone": "19900000002"}
WANG = {"name": "王示例", "idNumber": "320199196507080038", "phone": "19900000003"}


class Carrier:
    """An operator's gateway that answers with the given statuses, then 200, and remembers what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.heard = list(statuses), list[tuple[str, str, Any]]()

    async def post(self, request: web.Request) -> web.Response:
        self.heard.append((request.headers["Authorization"], request.headers["Idempotency-Key"], await request.json()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@asynccontextmanager
async def carried_by(carrier: Carrier) -> AsyncIterator[Gateway]:
    app = web.Application()
    app.router.add_post("/send", carrier.post)
    async with TestServer(app) as server:
        yield Gateway(str(server.make_url("/send")), "secret", 5)


@asynccontextmanager
async def demo_hall(stocked: Stocked, folder: Path) -> AsyncIterator[Hall]:
    url, passwords = sqlite_copy(stocked, folder)
    async with open_hall(folder / "home", url, passwords, messages="demo") as hall:
        yield hall


async def written(hall: Hall) -> list[Any]:
    shown = (await (await hall.browser("clerk")).get("/api/messages")).good()
    assert shown["demo"] is True
    return list(shown["messages"])


async def book(hall: Hall) -> Any:
    kiosk = await hall.kiosk()
    at = (await kiosk.get("/api/matters/pinghu-mortgage/slots")).good()["days"][0]["slots"][20]["at"]
    return (await kiosk.post("/api/appointments", errand() | {"at": at})).good()


async def test_a_booking_and_its_cancellation_are_each_told_once(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    async with demo_hall(stocked_sqlite, tmp_path) as hall:
        ticket = (await book(hall))["ticket"]
        (await (await hall.kiosk()).post(f"/api/tickets/{ticket['id']}/cancel")).good()

        rows = await written(hall)

    assert sorted(row["kind"] for row in rows) == ["booked", "cancelled"]
    assert {row["phone"] for row in rows} == {"199****0001"}
    assert all(ticket["number"] in row["text"] and "$" not in row["text"] for row in rows)


async def test_the_turn_is_told_to_who_asked_once_two_are_before(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    async with demo_hall(stocked_sqlite, tmp_path) as hall:
        for who, at in ((LI, "lianshui-k1"), (ZHAO, "lianshui-k2"), (WANG, "lianshui-s1")):
            await hall.waiting(who, at=at)
        (await (await hall.kiosk("lianshui-s1")).post("/api/device/forget")).good()
        ticket_id = (await hall.waiting(CHEN, at="lianshui-s1"))["ticket"]["id"]
        path = f"/api/tickets/{ticket_id}/message"
        assert (await (await hall.kiosk("lianshui-s1")).post(path, {"wanted": True})).status == 204
        (await (await hall.kiosk("lianshui-s1")).post("/api/device/forget")).good()
        assert not await hall.store.change(outbox.turn_is_near, ticket_id)

        (await (await hall.clerk()).post("/api/window/next")).good()
        await hall.store.change(outbox.turn_is_near, ticket_id)

        assert not await hall.store.change(outbox.turn_is_near, ticket_id)
        (row,) = await written(hall)
    assert (row["kind"], row["phone"]) == ("turn_is_near", "199****0001")


async def test_a_place_without_messages_offers_none(hall: Hall) -> None:
    ticket_id = (await hall.waiting())["ticket"]["id"]
    kiosk = await hall.kiosk()

    assert (await kiosk.get("/api/device")).good()["messages"] is False
    (await kiosk.post(f"/api/tickets/{ticket_id}/message", {"wanted": True})).refused("no_messages", 409)
    assert (await kiosk.get("/api/messages")).good() == {"demo": False, "messages": []}


async def wrote(hall: Hall) -> str:
    """The id of a ticket whose holder is to be told of a booking, at a place whose own post does not run."""
    ticket_id: str = (await hall.waiting())["ticket"]["id"]
    await hall.store.change(outbox.write, ticket_id, MessageKind.BOOKED)
    return ticket_id


async def state_of(hall: Hall, ticket_id: str) -> MessageState:
    return await hall.store.look(
        lambda work: work.session.get_one(Message, (ticket_id, MessageKind.BOOKED)).state,
    )


async def test_the_gateway_gets_a_letter_again_after_growing_pauses_under_one_id(any_hall: Hall) -> None:
    hall, carrier = any_hall, Carrier(503, 429)
    ticket_id = await wrote(hall)
    tried = []
    async with carried_by(carrier) as gateway:
        for pause_s in (0, 9, 1, 59, 1, 3600):
            hall.clock.move(seconds=pause_s)
            await deliver(hall.house, gateway)
            tried.append(len(carrier.heard))

    assert tried == [1, 1, 2, 2, 3, 3]
    assert {(token, key) for token, key, _ in carrier.heard} == {("Bearer secret", f"{ticket_id}-booked")}
    said = carrier.heard[-1][2]
    assert (said["phone"], said["kind"], said["language"]) == ("19900000001", "booked", "zh-CN")
    assert "A001" in said["text"]
    assert await state_of(hall, ticket_id) is MessageState.SENT


async def test_a_letter_that_is_refused_for_good_is_given_up(hall: Hall) -> None:
    carrier, ticket_id = Carrier(400), await wrote(hall)
    async with carried_by(carrier) as gateway:
        await deliver(hall.house, gateway)
        hall.clock.move(hours=1)
        await deliver(hall.house, gateway)

    assert (len(carrier.heard), await state_of(hall, ticket_id)) == (1, MessageState.GIVEN_UP)


async def test_a_gateway_that_is_not_there_is_tried_five_times_more(hall: Hall) -> None:
    ticket_id = await wrote(hall)
    for _ in range(5):
        await deliver(hall.house, NOWHERE)
        hall.clock.move(hours=1)
    assert await state_of(hall, ticket_id) is MessageState.WAITING

    await deliver(hall.house, NOWHERE)

    assert await state_of(hall, ticket_id) is MessageState.GIVEN_UP


#: Nothing listens at this port.
NOWHERE = Gateway("http://127.0.0.1:9/send", "secret", 2)
