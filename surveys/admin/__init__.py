"""The desk's lists and pages of ``surveys``, one module per noun."""

from surveys.admin.instruments import InstrumentAdmin
from surveys.admin.jobs import JobAdmin
from surveys.admin.mailings import MailingAdmin
from surveys.admin.organisation import UnitKerjaAdmin
from surveys.admin.people import RoleAdmin, UserAdmin
from surveys.admin.waves import WaveAdmin

__all__ = (
    "InstrumentAdmin",
    "JobAdmin",
    "MailingAdmin",
    "RoleAdmin",
    "UnitKerjaAdmin",
    "UserAdmin",
    "WaveAdmin",
)
