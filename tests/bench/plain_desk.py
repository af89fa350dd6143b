"""The usual way over HTTP, to measure against: an aiohttp handler with one transaction of the asyncio ORM per ticket.

It asks the same of whoever asks (session, device, idempotency key, numbers, agreement) and writes the same rows, sealed
applicant, session and kept answer included. `python -m tests.bench.plain_desk HOME DATABASE PORT`.
"""

import sys
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import orjson
from aiohttp import web
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import joinedload, selectinload

from tests.bench.line_orm import CHANCE, orm_engine, take
from tongban_queue.desk import Errand
from tongban_queue.hall import Kiosk, Point
from tongban_queue.rows import ticket_row
from tongban_queue.ticket import Ticket
from tongban_server.answers import Answered
from tongban_server.catalogue.offer import agreement_for, shanghai_day
from tongban_server.catalogue.things import Agreement, Matter
from tongban_server.catalogue.views import MatterView
from tongban_server.people.applicants import NOTICE_VERSION, Applicant
from tongban_server.people.identity import mask_id_number, mask_name, mask_phone
from tongban_server.people.sessions import Face, Session, SessionKind
from tongban_server.people.vault import Vault
from tongban_server.serving import KEEPALIVE_S, spare_the_collector
from tongban_server.visits.reception import require_consent, require_right_numbers
from tongban_server.visits.views import TakeTicket


class Plain:
    """The handler and what it stands on."""

    def __init__(self, home: Path, database: str) -> None:
        self.vault = Vault.in_folder(home)
        self.sessions = async_sessionmaker(orm_engine(database), expire_on_commit=False)

    async def take(self, request: web.Request) -> web.Response:
        """One ticket."""
        body = await request.read()
        form, now = TakeTicket.model_validate_json(body), datetime.now(UTC)
        key, session_id = request.headers["Idempotency-Key"], self.vault.signed(request.cookies["tongban_kiosk"])
        require_right_numbers(form, shanghai_day(now))
        async with self.sessions.begin() as session:
            kiosk = await self._device(session, str(session_id))
            if await session.get(Answered, (session_id, key)) is not None:
                raise web.HTTPConflict
            errand, matter = await self._errand(session, kiosk, form, now)
            ticket = await take(session, now, kiosk.id, errand)
            await session.flush()
            visit = await self._let_speak(session, ticket, kiosk, now)
            session.add(self._applicant(ticket, form, now))
            text = orjson.dumps(self._shown(ticket, form, matter)).decode()
            digest = self.vault.request_key(b"\n".join((b"POST", request.path.encode(), body)))
            sealed = b64encode(self.vault.seal(text, bound_to=f"answer/{session_id}/{key}")).decode()
            grant = f"kiosk:{visit.id}:visit"
            row = {"identity": session_id, "key": key, "digest": digest, "status": 200, "body": sealed}
            session.add(Answered(**row, grant=grant, at=now))
        response = web.Response(text=text, content_type="application/json")
        response.set_cookie("tongban_visit", self.vault.sign(visit.id), httponly=True, samesite="Strict")
        return response

    async def _device(self, session: AsyncSession, session_id: str) -> Kiosk:
        device = await session.get_one(Session, session_id)
        kiosk = await session.get_one(Kiosk, device.kiosk_id, with_for_update=True)
        if device.kind is not SessionKind.DEVICE or device.ended_at or kiosk.revoked_at:
            raise web.HTTPForbidden
        return kiosk

    async def _errand(
        self, session: AsyncSession, kiosk: Kiosk, form: TakeTicket, now: datetime
    ) -> tuple[Errand, Matter]:
        point = await session.get_one(Point, kiosk.point_id)
        whole = joinedload(Matter.office), joinedload(Matter.line), selectinload(Matter.materials)
        matter = (await session.scalars(select(Matter).where(Matter.id == form.matter_id).options(*whole))).one()
        pair = Agreement.source_region == point.region_code, Agreement.host_region == matter.office.region_code
        agreements = await session.scalars(select(Agreement).where(*pair).options(selectinload(Agreement.listed)))
        agreement_for(agreements.all(), matter, shanghai_day(now))
        require_consent(form, matter)
        person = self.vault.person_key(form.id_number)
        what = {"matter_id": matter.id, "matter_name": matter.name, "recorded": matter.records}
        how = {"person_key": person, "language": form.language, "elder": form.elder}
        return Errand(line=matter.line, office=matter.office, point=point, **what, **how), matter

    async def _let_speak(self, session: AsyncSession, ticket: Ticket, kiosk: Kiosk, now: datetime) -> Session:
        others = Session.kiosk_id == kiosk.id, Session.kind == SessionKind.VISIT, Session.ended_at.is_(None)
        await session.execute(update(Session).where(*others).values(ended_at=now))
        whose = {"face": Face.KIOSK, "kiosk_id": kiosk.id, "ticket_id": ticket.id}
        visit = Session(id=CHANCE.new_id(), kind=SessionKind.VISIT, began_at=now, seen_at=now, **whose)
        session.add(visit)
        return visit

    def _applicant(self, ticket: Ticket, form: TakeTicket, now: datetime) -> Applicant:
        said = {"name": form.name, "id_number": form.id_number, "phone": form.phone}
        sealed = {name: self.vault.seal(text, bound_to=f"{ticket.id}/{name}") for name, text in said.items()}
        agreed = {"privacy_agreed_at": now, "recording_agreed_at": now}
        return Applicant(ticket_id=ticket.id, notice_version=NOTICE_VERSION, **agreed, **sealed)

    def _shown(self, ticket: Ticket, form: TakeTicket, matter: Matter) -> dict[str, object]:
        numbers = {"idNumber": mask_id_number(form.id_number), "phone": mask_phone(form.phone)}
        about = {"ticket": ticket_row(ticket), "matter": MatterView.of(matter).model_dump(mode="json", by_alias=True)}
        return {**about, "slip": ticket.slip, "applicant": {"name": mask_name(form.name), **numbers}}


def main(home: str, database: str, port: str) -> None:
    app = web.Application()
    app.router.add_post("/api/tickets", Plain(Path(home), database).take)
    spare_the_collector()
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, keepalive_timeout=KEEPALIVE_S, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:4])
