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
from surveys.models.counts import HourCount, LevelCount, UnitCount
from surveys.models.history import RECORDED, SecondFactor
from surveys.models.instrument import Dimension, Instrument, Option, Question, Section
from surveys.models.jobs import Job
from surveys.models.messages import Delivery, Mailing, OptOut
from surveys.models.organisation import Role, UnitKerja, User
from surveys.models.people import (
    Contact,
    FrameChange,
    LinkPrinting,
    Participant,
    PersonalDataAct,
)
from surveys.models.reorganisation import Bridge, BridgeEnd, FormerUnit
from surveys.models.staff import StaffInvitation
from surveys.models.unit_imports import UnitImport, UnitImportLine
from surveys.models.wave import Stratifier, Wave, WaveUnit
from surveys.models.windows import Batch, BatchUnit, Extension

__all__ = (
    "RECORDED",
    "Answer",
    "Arrival",
    "Ballot",
    "Batch",
    "BatchUnit",
    "Bridge",
    "BridgeEnd",
    "Cell",
    "Comment",
    "Contact",
    "Delivery",
    "Dimension",
    "Draft",
    "Extension",
    "FormerUnit",
    "Frame",
    "FrameChange",
    "HourCount",
    "Instrument",
    "Job",
    "LevelCount",
    "LinkPrinting",
    "Mailing",
    "OptOut",
    "Option",
    "Participant",
    "PersonalDataAct",
    "Question",
    "Receipt",
    "Role",
    "SecondFactor",
    "Section",
    "StaffInvitation",
    "Stratifier",
    "UnitCount",
    "UnitImport",
    "UnitImportLine",
    "UnitKerja",
    "User",
    "Wave",
    "WaveUnit",
)
