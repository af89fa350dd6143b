"""One visit as its screens see it: the ticket, who, which matter, the papers, the checks, the outcome."""

from typing import Literal

from tongban_queue.board import get_ticket
from tongban_queue.rows import ticket_row, when
from tongban_queue.store import Work
from tongban_queue.ticket import TicketState
from tongban_server.cases.checks import check_rows, checks_of
from tongban_server.cases.outcome import Outcome, outcome_row
from tongban_server.catalogue.offer import find_matter
from tongban_server.catalogue.views import MatterView
from tongban_server.papers.paper import paper_row, papers_of
from tongban_server.people.applicants import masked
from tongban_server.people.staff import Role
from tongban_server.people.vault import Vault
from tongban_server.visits.views import VisitSnapshot

You = Literal["citizen", "clerk", "assistant"]
YOU: dict[Role, You] = {Role.CLERK: "clerk", Role.ASSISTANT: "assistant"}


def visit_snapshot(work: Work, vault: Vault, ticket_id: str, role: Role) -> VisitSnapshot:
    """The visit now. The slip code is shown to the citizen and to the point's assistant, not to the clerk.

    The wait is put in at the door (`place.with_wait`), for it is worked out outside of any transaction.
    """
    work.session.flush()
    ticket = get_ticket(work, ticket_id)
    outcome = work.session.get(Outcome, ticket_id)
    return VisitSnapshot.model_validate(
        {
            "subject": f"ticket:{ticket.id}",
            "version": ticket.version,
            "at": when(work.now),
            "you": YOU.get(role, "citizen"),
            "ticket": ticket_row(ticket),
            "slip": None if role is Role.CLERK else ticket.slip,
            "wait": None,
            "rated": role is Role.CITIZEN and ticket.state is TicketState.RATED,
            "applicant": masked(work, vault, ticket.id),
            "matter": MatterView.of(find_matter(work, ticket.matter_id)),
            "papers": [paper_row(paper, vault) for paper in papers_of(work, ticket.id)],
            "checks": check_rows(checks_of(work, ticket.id)),
            "outcome": outcome_row(outcome, vault) if outcome else None,
        }
    )
