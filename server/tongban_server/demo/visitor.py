"""A synthetic citizen (演示) at a kiosk of its own, step by step: what a person does there, over the same doors."""

import asyncio
import ssl

from tongban_server.demo.applicants import MadeUpApplicant
from tongban_server.demo.following import FollowedVisit
from tongban_server.demo.page import Json, Refused, Unreachable
from tongban_server.demo.talker import Talker
from tongban_signaling.member import Member


class Visitor(Talker):
    """A kiosk and whoever stands there. Steps may be taken one by one; each leaves `visit` as it then stands."""

    def __init__(self, base_url: str, code: str = "", *, tls: ssl.SSLContext | bool = True) -> None:
        super().__init__(base_url, "kiosk", tls=tls)
        self.code = code
        self.device: Json = {}
        self.visit: FollowedVisit | None = None

    async def close(self) -> None:
        """Leave the call and close everything; the ticket stays as it is."""
        if self.visit is not None:
            await self.visit.end()
        await super().close()

    async def enrol(self) -> None:
        """Become the kiosk of the code, and be seen there with somebody in front, so that nobody else is called here.

        A visit that this kiosk already holds is gone on with.
        """
        self.device = await self.post("/api/devices/enrol", {"code": self.code})
        await self.stand()
        await self.connect()

    async def stand(self) -> None:
        """Somebody stands at the kiosk."""
        await self.put("/api/device/use", {"inUse": True})

    async def offered(self) -> list[Json]:
        """Every matter that this point may offer today at an office that is open now, each with its `regionName`."""
        regions = (await self.get("/api/regions"))["regions"]
        lists = [await self.get(f"/api/regions/{region['code']}/matters") for region in regions]
        return [
            {**matter, "regionName": region["name"]}
            for region, found in zip(regions, lists, strict=True)
            for matter in found["matters"]
            if matter["opening"]["open"]
        ]

    async def take(self, matter: Json, applicant: MadeUpApplicant) -> FollowedVisit:
        """Take a ticket for a matter as `offered` lists it, and follow it."""
        consent = {"privacy": True, "recording": True if matter["records"] else None}
        said = {"matterId": matter["id"], **applicant.said, "consent": consent}
        return await self._begin(await self.post("/api/tickets", said))

    async def take_up(self, slip: str, last_four: str) -> FollowedVisit:
        """Take up a ticket that was left at this point."""
        return await self._begin(await self.post("/api/tickets/resume", {"slip": slip, "lastFour": last_four}))

    async def resume(self) -> FollowedVisit | None:
        """Go on with the visit that this kiosk holds; None if it holds none."""
        self.device = await self.get("/api/device")
        if self.device["holding"] is None:
            return None
        return await self._begin(await self.get(f"/api/tickets/{self.device['holding']}"))

    async def _begin(self, snapshot: Json) -> FollowedVisit:
        self.visit = FollowedVisit(self, snapshot)
        await self.visit.begin()
        return self.visit

    @property
    def here(self) -> FollowedVisit:
        """The visit that goes on; there must be one."""
        assert self.visit is not None, "no ticket was taken"
        return self.visit

    async def hand_in(self, content: bytes, *, material: int = 1) -> Json:
        """Hand in one file for a material; gives its row."""
        row: Json = await self.ask("POST", f"/api/tickets/{self.here.id}/papers?material={material}", raw=content)
        return row

    async def want_help(self, wanted: bool = True) -> None:
        """Ask the assistant to come, or take that back."""
        await self.post(f"/api/tickets/{self.here.id}/help", {"wanted": wanted})

    async def await_call(self) -> bool:
        """Wait to be called; False when it came to an end instead."""
        await self.here.until(lambda visit: visit.state != "waiting")
        return not self.here.over

    async def warm_up(self) -> None:
        """Sit down in the call, without picture and sound."""
        await self.sit(self.here.id, Member.CITIZEN, self.device["iceServers"])

    async def arrive(self) -> None:
        """Say 我到了, and send picture and sound. Sits down in the call first, where that was not done."""
        if self.member is None:
            await self.warm_up()
        if self.here.state == "calling":
            self.here.show(await self.post(f"/api/tickets/{self.here.id}/arrive"))
        await self.send()

    async def await_end(self) -> str:
        """Wait until the visit is over, and leave the call; gives the state."""
        await self.here.until(lambda visit: visit.over)
        await self.stand_up()
        return self.here.state

    async def rate(self, level: int, codes: list[str] | None = None, words: str = "") -> None:
        """Rate the visit."""
        await self.post(f"/api/tickets/{self.here.id}/rating", {"level": level, "codes": codes or [], "words": words})

    async def cancel(self) -> None:
        """Give up before the call."""
        await self.post(f"/api/tickets/{self.here.id}/cancel")

    async def forget(self) -> None:
        """The kiosk forgets this person, and the next one steps up at once."""
        await self.stand_up()
        await self.post("/api/device/forget")
        await self.stand()
        if self.visit is not None:
            await self.visit.end()
            self.visit = None

    async def go_away(self, within_s: float = 5.0) -> None:
        """Leave in good order: a ticket that is not yet in a call is cancelled, and the kiosk is freed.

        A call that goes on stays for its clerk to end: a citizen who hangs up is still a visit.
        """
        try:
            async with asyncio.timeout(within_s):
                if self.visit is not None and self.visit.state in ("waiting", "calling"):
                    await self.cancel()
                await self.stand_up()
                await self.post("/api/device/forget")
        except (Refused, Unreachable, TimeoutError):
            return
