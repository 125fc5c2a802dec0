"""What a reader of a run must know, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from scoring.computed import Computed
from scoring.weighting.calibration import Verdict


def warnings_of(computed: Computed) -> list[str]:
    """What a reader of the run must know, in words."""
    scores = computed.scores
    found = warnings_of_weights(computed)
    if scores.is_frame_missing.any():
        found.append(
            _("Kerangka tidak lengkap: tanpa jumlah pegawai, tingkat tanggapan kosong.")
        )
    if scores.is_frame_stale.any():
        found.append(_("Ada unit dengan jawaban melebihi pegawai terdaftar."))
    if scores.is_folded.any():
        found.append(
            _("Sel tanpa jawaban dilebur ke sel lain di unit itu atau di atasnya.")
        )
    silent = int(scores.has_no_responses.sum())
    if silent:
        found.append(_("%(n)d unit tanpa jawaban.") % {"n": silent})
    return found


def warnings_of_weights(computed: Computed) -> list[str]:
    """What fitting the weights to the staff cost, and where it did not go as asked."""
    fitted = computed.weighting.calibrated
    if fitted is None:
        return []
    names = [unit.name for unit in computed.tree.units]
    costly = {
        verdict: [names[i] for i, one in enumerate(fitted.verdict) if one is verdict]
        for verdict in (Verdict.WARNED, Verdict.UNUSED)
    }
    found = []
    if costly[Verdict.WARNED]:
        text = _("Bobot di %(units)s mengurangi ketelitian melewati batas.")
        found.append(text % {"units": ", ".join(costly[Verdict.WARNED])})
    if costly[Verdict.UNUSED]:
        text = _("Bobot di %(units)s tidak dipakai: terlalu merugikan ketelitian.")
        found.append(text % {"units": ", ".join(costly[Verdict.UNUSED])})
    if not fitted.is_within_limit:
        found.append(_("Ada bobot di atas batas pemangkasan: susunan pegawai menang."))
    for each in fitted.raked.collapses:
        text = _("Kategori %(category)d pada %(margin)s digabung ke %(into)d.")
        found.append(text % vars(each))
    return found
