"""Inclusion proofs for receipts of sealed waves, on the page and as a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from surveys import merkle
from surveys.models import Receipt, Wave


@dataclass(frozen=True)
class Proof:
    """The way from one receipt's leaf to the root published for its wave (all hex)."""

    wave: Wave
    leaf: str
    steps: list[tuple[str, str]]
    root: str

    @property
    def path(self) -> list[str]:
        """Each step as the page prints it."""
        side = {"left": _("kiri"), "right": _("kanan")}
        return [f"{side[where]} {sibling}" for where, sibling in self.steps]


def find_proof(receipt: str) -> Proof | None:
    """The proof for a receipt, or None where no sealed box holds it."""
    leaf = merkle.leaf_of(receipt)
    row = (
        Receipt.objects.filter(leaf=leaf, wave__state=Wave.State.SEALED)
        .select_related("wave")
        .first()
    )
    if row is None:
        return None
    rows = Receipt.objects.filter(wave=row.wave).values_list("leaf", flat=True)
    leaves = [bytes(stored) for stored in rows]
    steps = merkle.proof_of(leaves, leaf)
    return Proof(
        wave=row.wave,
        leaf=leaf.hex(),
        steps=[(side, sibling.hex()) for side, sibling in steps],
        root=row.wave.merkle_root,
    )


def document_of(proof: Proof) -> dict[str, Any]:
    """What ``docs/verify_receipt.py`` reads; the receipt itself is not in it."""
    return {
        "wave": proof.wave.code,
        "n_answers": proof.wave.n_answers,
        "leaf": proof.leaf,
        "steps": [[side, sibling] for side, sibling in proof.steps],
        "root": proof.root,
    }


def sealed_boxes() -> QuerySet[Wave]:
    """The waves whose count and root are public, newest first."""
    return Wave.objects.filter(
        state=Wave.State.SEALED, source=Wave.Source.ONLINE
    ).order_by("-sealed_at")
