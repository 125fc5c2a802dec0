"""The attackers: each is told what it may know and guesses who gave which answer.

Whoever an attacker says nothing about is guessed at random within the cell, so each is
judged on everybody who answered.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from surveys.box import ballots, envelope
from tests.attackers.people import Known
from tests.attackers.reading import Row, Vector, View

Guess = dict[UUID, Vector]
Attack = Callable[[View, Known, random.Random], Guess]
Sheet = tuple[int, Vector]
"""Cell and answers."""


def by_chance(view: View, known: Known, rng: random.Random) -> Guess:
    """Knows nothing but the cell; in a cell of one that is enough."""
    people, sheets = list(known.arrivals), _shuffled(view, rng)
    rng.shuffle(people)
    return _match(view, known, people, sheets)


def by_place(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw people arrive, and takes the rows in the order in which they lie."""
    rows = sorted(_sheet_rows(view), key=lambda row: row.place)
    return _match(view, known, known.arrivals, _sheets(rows))


def by_transaction(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw people arrive, and takes the rows by the number of their transaction."""
    rows = _by_age(_sheet_rows(view), rng)
    return _match(view, known, known.arrivals, _sheets(rows))


def by_number(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw people arrive, and takes the rows by their running number or key."""
    rows = _sheet_rows(view)
    rows.sort(key=lambda row: row.values.get("id", row.values.get("serial", "")))
    return _match(view, known, known.arrivals, _sheets(rows))


def by_remnants(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw people arrive, and reads deleted rows out of the heap files."""
    files: dict[str, list[Sheet]] = defaultdict(list)
    for found in sorted(view.remnants, key=lambda found: found.position):
        files[found.file].append((found.cell, found.answers))
    by_rows = sorted(view.of("surveys_answer"), key=lambda row: row.place)
    living = [row.answers for row in by_rows]
    orders = sorted(files.values(), key=len)
    # The sealed rows' own file tells what ``by_place`` knows already: it comes last.
    orders.sort(key=lambda order: [answers for _, answers in order] != living)
    return _match(view, known, known.arrivals, orders[-1] if orders else [])


def by_register(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw nobody: takes people in the order in which their rows were last written.

    Whose row is as old as the register has left no mark; whether they answered is then
    not to be seen, and nothing is guessed of them.
    """
    written = {row.values["id"]: row for row in view.of("surveys_participant")}
    oldest = min(row.xmin for row in written.values())
    rows = _by_age((written[str(person)] for person in known.arrivals), rng)
    marked = [row for row in rows if row.xmin != oldest]
    people = [UUID(row.values["id"]) for row in marked or rows]
    return _match(view, known, people, _sheets(_by_age(_sheet_rows(view), rng)))


def by_place_in_the_register(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw nobody: takes people and answers as they lie."""
    places = {row.values["id"]: row.place for row in view.of("surveys_participant")}
    people = sorted(known.arrivals, key=lambda person: places[str(person)])
    rows = sorted(_sheet_rows(view), key=lambda row: row.place)
    return _match(view, known, people, _sheets(rows))


def by_deliveries(view: View, known: Known, rng: random.Random) -> Guess:
    """Saw nobody: takes people in the order in which their deliveries were written.

    Whose deliveries are all as old as a whole mailing have left no mark; if all are,
    those who were not reminded answered first.
    """
    rows = view.of("surveys_delivery")
    together = Counter(row.xmin for row in rows)
    arrived = {str(person): person for person in known.arrivals}
    alone = [row for row in rows if together[row.xmin] == 1]
    latest = {row.values["participant_id"]: row for row in _by_age(alone, rng)}
    touched = _by_age((row for key, row in latest.items() if key in arrived), rng)
    people = [arrived[row.values["participant_id"]] for row in touched]
    reminded = {row.values["participant_id"] for row in rows if row.values["due_at"]}
    reminded |= {r.values["participant_id"] for r in rows if r.values["reminded_on"]}
    if not alone:
        people = sorted(known.arrivals, key=lambda person: str(person) in reminded)
    return _match(view, known, people, _sheets(_by_age(_sheet_rows(view), rng)))


def by_shared_transaction(view: View, known: Known, rng: random.Random) -> Guess:
    """A person and an answer written in the same transaction belong together."""
    named: dict[int, set[UUID]] = defaultdict(set)
    ids = {str(person): person for person in known.arrivals}
    for row in view.rows:
        named[row.xmin] |= {ids[v] for v in _texts_in(row) if v in ids}
    guess: Guess = {}
    for row in _sheet_rows(view):
        home = view.home(row.values["cell_id"])
        fitting = [
            person
            for person in sorted(named[row.xmin])
            if person not in guess and view.home(known.cells[person]) == home
        ]
        if fitting and row.answers:
            guess[rng.choice(fitting)] = row.answers
    return guess


def by_secret_copy(view: View, known: Known, rng: random.Random) -> Guess:
    """Holds a copy of the wave's secret that was never destroyed."""
    return _by_secret(view, known, known.secret)


def by_secret_in_the_database(view: View, known: Known, rng: random.Random) -> Guess:
    """Tries every value of every table as the wave's secret."""
    for row in view.rows:
        for text in _texts_in(row):
            secret = _bytes_of(text)
            if secret and ballots.mac(secret, "check", b"").hex() == known.secret_check:
                return _by_secret(view, known, secret)
    return {}


def by_texts(view: View, known: Known, rng: random.Random) -> Guess:
    """Logs, Redis, queue: people in the order in which a line names them."""
    names = {str(person): person for person in known.arrivals}
    names |= {known.codes[person]: person for person in known.arrivals}
    people: dict[UUID, None] = {}
    for line in view.texts:
        people |= {person: None for name, person in names.items() if name in line}
    if not people:
        return {}
    return _match(view, known, list(people), _sheets(_by_age(_sheet_rows(view), rng)))


def by_comments(view: View, known: Known, rng: random.Random) -> Guess:
    """Recognises who wrote each comment, and looks at what lies beside it."""
    guess: Guess = {}
    for row in _sheet_rows(view):
        for text in row.values.get("comments", ()):
            if text in known.comments and row.answers:
                guess[known.comments[text]] = row.answers
    if guess:
        return guess
    rows = sorted(view.of("surveys_comment"), key=lambda row: row.place)
    people = [known.comments[row.values["text"]] for row in rows]
    sheets = _sheets(sorted(_sheet_rows(view), key=lambda row: row.place))
    return _match(view, known, people, sheets)


def by_receipts(view: View, known: Known, rng: random.Random) -> Guess:
    """Was shown everybody's receipt: people in the order of the sealed leaves."""
    rows = sorted(view.of("surveys_receipt"), key=lambda row: row.place)
    leaves = [row.values["leaf"].removeprefix("\\x") for row in rows]
    people = [known.leaves[leaf] for leaf in leaves]
    sheets = _sheets(sorted(_sheet_rows(view), key=lambda row: row.place))
    return _match(view, known, people, sheets)


# -- What they share -------------------------------------------------------------------


def _sheet_rows(view: View) -> list[Row]:
    """Rows with a sheet; those of the sealed box only if no other table holds any."""
    rows = [row for row in view.rows if row.answers and "cell_id" in row.values]
    others = [row for row in rows if row.table != "surveys_answer"]
    return others or rows


def _sheets(rows: Iterable[Row]) -> list[Sheet]:
    return [(row.values["cell_id"], row.answers) for row in rows if row.answers]


def _shuffled(view: View, rng: random.Random) -> list[Sheet]:
    sheets = _sheets(_sheet_rows(view))
    rng.shuffle(sheets)
    return sheets


def _by_age(rows: Iterable[Row], rng: random.Random) -> list[Row]:
    """Oldest transaction first, in no order within one."""
    return sorted(rows, key=lambda row: (row.xmin, rng.random()))


def _match(
    view: View, known: Known, people: Iterable[UUID], sheets: Iterable[Sheet]
) -> Guess:
    """In each cell, the first person gave the first answer, and so on."""
    waiting: dict[int, list[Vector]] = defaultdict(list)
    seen: set[Vector] = set()
    for cell, answers in sheets:
        if answers not in seen:
            seen.add(answers)
            waiting[view.home(cell)].append(answers)
    guess: Guess = {}
    for person in people:
        left = waiting[view.home(known.cells[person])]
        if left:
            guess[person] = left.pop(0)
    return guess


def _by_secret(view: View, known: Known, secret: bytes) -> Guess:
    rows = {text: row for row in view.rows for text in _texts_in(row)}
    guess: Guess = {}
    for person in known.arrivals:
        key = ballots.row_key(ballots.serial_of(secret, person))
        row = rows.get(str(key))
        found = row and (row.answers or _unsealed(row, secret))
        if found:
            guess[person] = found
    return guess


def _unsealed(row: Row, secret: bytes) -> Vector | None:
    """What the row's envelope holds, if it has one."""
    closed = _bytes_of(row.values.get("envelope", "-"))
    if not closed:
        return None
    place = envelope.place(
        row.values["wave_id"], row.values["cell_id"], UUID(row.values["serial"])
    )
    return tuple(envelope.unseal(secret, place, closed).answers)


def _texts_in(row: Row) -> list[str]:
    return [value for value in row.values.values() if isinstance(value, str)]


def _bytes_of(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text.removeprefix("\\x"))
    except ValueError:
        return None
