"""Checking and applying a register as long work, over one stored file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import SurveyError, WrongState
from surveys.files import jobfiles, jobs
from surveys.files.csvfile import Progress
from surveys.files.faults import Faults
from surveys.models import Job, User, Wave
from surveys.people.register import (
    USUAL,
    check_participants,
    demand_taken,
    load_participants,
)

CHECK = "register_check"
APPLY = "register"
N_SHOWN = 20


def start_check(
    *,
    wave: Wave,
    upload: jobfiles.Upload,
    strata: Sequence[str],
    marks_gone: bool,
    started_by: User,
) -> Job:
    """Store the file and have it checked; without ``strata`` the usual ones are taken.

    ``marks_gone``: the file is complete, whoever is not in it has left.
    """
    demand_taken(wave)
    return jobs.start_job(
        kind=CHECK,
        started_by=started_by,
        wave=wave,
        upload=upload,
        options={"strata": list(strata or USUAL), "marks_gone": marks_gone},
    )


def start_apply(*, check: Job, started_by: User) -> Job:
    """Apply the file of a check that found nothing wrong, as long as it is kept."""
    if not may_be_applied(check) or check.wave is None:
        raise SurveyError(_("Berkas ini tidak dapat diterapkan. Unggah lagi."))
    demand_taken(check.wave)
    expected = check.result["counts"]
    return jobs.start_job(
        kind=APPLY,
        started_by=started_by,
        wave=check.wave,
        follows=check,
        options={
            **check.options,
            "expected": expected,
            "state": check.result["state"],
        },
    )


def may_be_applied(check: Job) -> bool:
    """Whether the check has ended well and its file is still there."""
    is_done = check.kind == CHECK and check.state == Job.State.DONE
    return is_done and check.has_input and not check.result["n_faults"]


@jobs.kind(CHECK, label=gettext_lazy("Pemeriksaan daftar pegawai"), keeps_input=True)
def check_register(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
    """Compare the file with the register; every fault goes into the output."""
    wave = _wave_of(job)
    output = jobfiles.output_for(job, f"kesalahan-{wave.code}.csv")
    with Faults(output, keep=N_SHOWN) as faults:
        checked = check_participants(
            wave=wave,
            path=jobfiles.input_of(job),
            strata=tuple(job.options["strata"]),
            faults=faults,
            progress=_reading(job, progress),
        )
    if not faults.n:
        job.output_name = ""
    else:
        job.has_input = False
    return {
        "counts": checked.counts(),
        "n_faults": faults.n,
        "faults": [str(problem) for problem in faults.first],
        "unused": list(checked.unused_columns),
        "strata": list(checked.strata),
        "marks_gone": job.options["marks_gone"],
        "state": wave.state,
    }


@jobs.kind(APPLY, label=gettext_lazy("Impor daftar pegawai"), is_atomic=True)
def apply_register(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
    """Write what the check has shown, all of it or nothing."""
    wave = _wave_of(job)
    if wave.state != job.options["state"]:
        raise WrongState(_("Keadaan gelombang berubah. Periksa lagi berkas ini."))
    done = load_participants(
        wave=wave,
        path=jobfiles.input_of(job),
        strata=tuple(job.options["strata"]),
        marks_gone=job.options["marks_gone"],
        expected=job.options["expected"],
        progress=_reading(job, progress),
    )
    return {
        "counts": done.counts(),
        "marks_gone": job.options["marks_gone"],
        "state": wave.state,
    }


def _wave_of(job: Job) -> Wave:
    if job.wave is None:
        raise SurveyError(_("Gelombangnya sudah tidak ada."))
    return job.wave


def _reading(job: Job, progress: jobs.Progress) -> Progress:
    size = jobfiles.input_of(job).stat().st_size

    def told(n_bytes: int) -> None:
        is_read = n_bytes >= size
        words = _("Membandingkan dengan daftar") if is_read else _("Membaca berkas")
        progress(min(n_bytes, size), size, words)

    return told
