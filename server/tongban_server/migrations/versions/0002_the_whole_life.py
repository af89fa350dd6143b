"""The whole life of a ticket: appointments, coming back, transfer, both ways of working, languages, hours, messages.

Columns are added, and no table that others point at is made anew: on SQLite such a table cannot be dropped and
renamed inside one transaction. What rows of before say of the new things stands in each column's default.

Revision: 0002, after 0001.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIVE = "state IN ('checked_in', 'waiting', 'calling', 'connected', 'parked', 'interrupted')"
SLIP_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def upgrade() -> None:
    _windows_and_people()
    _hours()
    _numbers()
    _tickets()
    _messages()


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _languages() -> sa.Column[object]:
    return sa.Column("languages", sa.JSON(), nullable=False, server_default='["zh-CN"]')


def _windows_and_people() -> None:
    op.add_column("staff", _languages())
    op.add_column("desk_window", _languages())
    op.add_column("desk_window", _number("unanswered", 0))
    op.add_column("desk_window", _moment("rang_at"))
    op.add_column("desk_window", sa.Column("served_id", sa.String(32), nullable=True))
    working = sa.Enum("next", "ring", name="working", native_enum=False, length=24)
    op.add_column("office", sa.Column("working", working, nullable=False, server_default="next"))
    op.add_column("line", _number("slot_places", 2))
    op.add_column("kiosk", _moment("gone_at"))
    op.add_column("tally", _number("no_shows", 0))


def _hours() -> None:
    """Hours now name their days. An office's were those of a working day; a point, which had none, refused nobody."""
    op.add_column("point", sa.Column("hours", sa.String(200), nullable=False, server_default="always"))
    op.alter_column("office", "hours", new_column_name="hours_of_a_day")
    op.add_column("office", sa.Column("hours", sa.String(200), nullable=False, server_default="always"))
    op.execute("UPDATE office SET hours = 'mon-fri ' || REPLACE(hours_of_a_day, ';', ',')")
    op.drop_column("office", "hours_of_a_day")


def _numbers() -> None:
    """An appointment's numbers are counted under its day with a `Y` before it. No other table points at this one."""
    with op.batch_alter_table("day_number") as table:
        table.alter_column("day", existing_type=sa.String(10), type_=sa.String(11), existing_nullable=False)


def _tickets() -> None:
    op.add_column("ticket", _number("behind", 0))
    op.add_column("ticket", _flag("revived"))
    op.add_column("ticket", _moment("appointed_at"))
    op.add_column("ticket", sa.Column("booked_day", sa.String(10), nullable=True))
    # A key beside its column is what SQLite can add to a table that is there.
    key = "CONSTRAINT fk_ticket_for_window_id REFERENCES desk_window (id)"
    op.execute(f"ALTER TABLE ticket ADD COLUMN for_window_id VARCHAR(40) {key}")
    op.add_column("ticket", _flag("message_wanted"))
    op.add_column("ticket", _number("busy_s", 0))
    for name in ("ix_ticket_live_office", "ix_ticket_live_point", "ix_ticket_next", "uq_ticket_person"):
        op.drop_index(name, "ticket")
    op.drop_index("uq_ticket_slip", "ticket")
    _give_every_slip_once()
    _index("ix_ticket_live_office", ["office_id"], where=LIVE)
    _index("ix_ticket_live_point", ["point_id"], where=LIVE)
    _index("ix_ticket_next", ["line_id", "lane", "since", "arrival", "behind"], where="state = 'waiting'")
    _index("uq_ticket_person", ["person_key", "matter_id"], where=LIVE, unique=True)
    _index("uq_ticket_booking", ["person_key", "booked_day"], where="state = 'booked'", unique=True)
    _index("ix_ticket_slot", ["line_id", "appointed_at"], where="state = 'booked'")
    op.create_index("ix_ticket_person", "ticket", ["person_key", "taken_at"])
    op.create_index("ix_ticket_handled", "ticket", ["office_id", "ended_at"])
    op.create_index("uq_ticket_slip", "ticket", ["slip"], unique=True)


def _index(name: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, "ticket", columns, unique=unique, postgresql_where=only, sqlite_where=only)


def _give_every_slip_once() -> None:
    """A slip was its own only while its ticket was live; of two the older one, which is over, gets a new one."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, slip FROM ticket ORDER BY taken_at DESC, id")).all()
    given: set[str] = set()
    for ticket_id, slip in rows:
        fresh = slip
        while fresh in given:
            fresh = "".join(secrets.choice(SLIP_LETTERS) for _ in range(6))
        given.add(fresh)
        if fresh != slip:
            connection.execute(
                sa.text("UPDATE ticket SET slip = :slip WHERE id = :id"), {"slip": fresh, "id": ticket_id}
            )


def _messages() -> None:
    kinds = sa.Enum("turn_is_near", "booked", "cancelled", name="messagekind", native_enum=False, length=24)
    states = sa.Enum("waiting", "sent", "given_up", name="messagestate", native_enum=False, length=24)
    op.create_table(
        "message",
        sa.Column("ticket_id", sa.String(32), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_message_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "kind", name="pk_message"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_message_due", "message", ["due_at"], postgresql_where=due, sqlite_where=due)


def downgrade() -> None:
    """There is no way back: appointments, parked tickets and messages have no place in the tables of before."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
