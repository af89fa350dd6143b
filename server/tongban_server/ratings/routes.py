"""The doors of ratings."""

from pydantic import Field

from tongban_server.door import Ask, Routes
from tongban_server.policy import Act
from tongban_server.ratings.rating import Reasons, rate, reasons
from tongban_server.view import Form, Nothing
from tongban_server.visits.things import find_ticket

routes = Routes("ratings")


class RatingForm(Form):
    """The citizen's rating: a level from 1 to 5, reason codes of that level, words."""

    level: int = Field(ge=1, le=5)
    codes: list[str] = Field([], max_length=8)
    words: str = Field("", max_length=500)


@routes.get("/api/ratings/reasons", Act.REASONS_READ)
def rating_reasons(ask: Ask[Nothing]) -> Reasons:
    """The five levels and the reasons of each."""
    return reasons()


@routes.post("/api/tickets/{id}/rating", Act.RATING_GIVE, find_ticket)
def give_rating(ask: Ask[RatingForm]) -> None:
    """Rate the visit, once."""
    said = ask.body
    rate(ask.work, ask.house.vault, ask.path["id"], level=said.level, codes=said.codes, words=said.words)
