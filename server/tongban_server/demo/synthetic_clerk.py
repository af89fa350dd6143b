"""A synthetic clerk (演示) for tests, measurements and load: signs in, calls, looks at papers, decides."""

import ssl

from tongban_server.demo.following import FollowedVisit
from tongban_server.demo.page import Json, Refused
from tongban_server.demo.talker import Talker
from tongban_signaling.member import Member

CHECKS = {"notice": "yes", "document": "yes", "spoken": "yes", "face": "yes", "will": "yes", "agent": "not_applicable"}


class SyntheticClerk(Talker):
    """A clerk at a window. Steps may be taken one by one; each leaves `visit` as it then stands."""

    def __init__(self, base_url: str, username: str, password: str, *, tls: ssl.SSLContext | bool = True) -> None:
        super().__init__(base_url, "clerk", tls=tls)
        self._signs_in = {"username": username, "password": password}
        self.visit: FollowedVisit | None = None
        self._ice_servers: list[Json] = []

    async def close(self) -> None:
        """Leave the call and close everything; the window stays as it is."""
        await self._let_go()
        await super().close()

    async def sign_in(self) -> None:
        """Sign in and open the socket."""
        await self.post("/api/session", self._signs_in)
        await self.connect()

    async def open_window(self) -> None:
        """Be ready for the next person: open the window, or end wrap-up or pause. A visit that goes on is taken up."""
        seat = await self.get("/api/window")
        self._ice_servers = seat["iceServers"]
        if seat["visit"] is not None:
            await self._begin(seat["visit"])
        elif seat["window"]["state"] != "idle":
            await self.post("/api/window/open" if seat["window"]["state"] == "offline" else "/api/window/ready")

    async def close_window(self) -> None:
        """Go home."""
        await self.post("/api/window/close")

    async def next(self) -> bool:
        """Call whoever is next, and sit down in the call without picture and sound; False when nobody waits."""
        try:
            snapshot = await self.post("/api/window/next")
        except Refused as refusal:
            if refusal.code == "nobody_waiting":
                return False
            raise
        await self._begin(snapshot)
        return True

    async def _begin(self, snapshot: Json) -> None:
        await self._let_go()
        self.visit = FollowedVisit(self, snapshot)
        await self.visit.begin()
        await self.sit(self.visit.id, Member.CLERK, self._ice_servers)

    @property
    def here(self) -> FollowedVisit:
        """The visit that goes on; there must be one."""
        assert self.visit is not None, "nobody was called"
        return self.visit

    async def await_arrival(self) -> bool:
        """Wait for the citizen, then send picture and sound; False when nobody came."""
        await self.here.until(lambda visit: visit.state != "calling")
        if self.here.over:
            return False
        await self.send()
        return True

    async def accept_papers(self) -> int:
        """Look at the first page of every paper that was handed in, and accept it; gives how many."""
        submitted = [paper for paper in self.here.papers if paper["state"] == "submitted"]
        for paper in submitted:
            await self.get(f"/api/papers/{paper['id']}/pages/1")
            await self.post(f"/api/papers/{paper['id']}/accept")
        return len(submitted)

    async def return_paper(self, paper: Json, code: str = "unreadable", words: str = "") -> None:
        """Give a paper back with a reason."""
        await self.post(f"/api/papers/{paper['id']}/return", {"code": code, "words": words})

    async def check(self, answers: dict[str, str] | None = None) -> None:
        """Answer the identity checks; all of them well, unless told otherwise."""
        for check, result in (CHECKS if answers is None else answers).items():
            await self.put(f"/api/tickets/{self.here.id}/checks/{check}", {"result": result})

    async def decide(self, kind: str = "accepted", **said: str) -> Json:
        """Record the outcome, which ends the call; gives it as it is shown."""
        if kind == "accepted":
            said.setdefault("homeNumber", f"YS-{self.here.number}")
        snapshot = await self.post(f"/api/tickets/{self.here.id}/outcome", {"kind": kind, **said})
        await self._let_go()
        outcome: Json = snapshot["outcome"]
        return outcome

    async def gone(self) -> None:
        """The citizen has left in the middle."""
        await self.post(f"/api/tickets/{self.here.id}/left")
        await self._let_go()

    async def be_ready(self) -> None:
        """Wrap-up is over."""
        await self._let_go()
        await self.post("/api/window/ready")

    async def _let_go(self) -> None:
        await self.stand_up()
        visit, self.visit = self.visit, None
        if visit is not None:
            await visit.end()
