"""Every table of the house, in one import: for migrations and for tests that lay tables."""

from tongban_queue import desk, hall, journal, store, tally, ticket, window
from tongban_server import answers
from tongban_server.cases import checks, outcome
from tongban_server.catalogue import things
from tongban_server.messages import outbox
from tongban_server.papers import paper
from tongban_server.people import applicants, devices, sessions, staff
from tongban_server.ratings import rating

ROOMS = (
    desk, hall, journal, tally, ticket, window, answers, checks, outcome, things, paper, applicants, devices, sessions,
    staff, rating, outbox,
)  # fmt: skip

METADATA = store.Base.metadata
