"""The models of ``surveys``, one module per noun."""

from surveys.models.collection import (
    Answer,
    Arrival,
    Ballot,
    Cell,
    Comment,
    Draft,
    Frame,
    Receipt,
)
from surveys.models.instrument import Dimension, Instrument, Option, Question, Section
from surveys.models.organisation import Role, UnitKerja, User
from surveys.models.people import Contact, LinkPrinting, Participant
from surveys.models.wave import Stratifier, Wave, WaveUnit

__all__ = (
    "Answer",
    "Arrival",
    "Ballot",
    "Cell",
    "Comment",
    "Contact",
    "Dimension",
    "Draft",
    "Frame",
    "Instrument",
    "LinkPrinting",
    "Option",
    "Participant",
    "Question",
    "Receipt",
    "Role",
    "Section",
    "Stratifier",
    "UnitKerja",
    "User",
    "Wave",
    "WaveUnit",
)
