"""What is wrong with a scheme, for the person who wrote it, in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails


class SchemeError(ValueError):
    """A scheme that cannot be used; ``errors`` maps a field's path to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {why}" for path, why in errors.items()))
        self.errors = dict(errors)


def errors_of(error: ValidationError) -> SchemeError:
    """The same by path of the wrong field."""
    return SchemeError(
        {_path(found["loc"]): _reason(found) for found in error.errors()}
    )


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".") or "skema"


_OWN_REASONS = {
    *{"share", "repeated", "cut", "weights", "lenses", "given"},
    *{"control", "draws", "name", "null", "reserved"},
}

_REASONS = {
    "missing": "wajib diisi",
    "extra_forbidden": "tidak dikenal",
    "literal_error": "harus salah satu dari {expected}",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "harus paling sedikit {ge}",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "harus paling banyak {le}",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "paling panjang {max_length} huruf",
    "string_type": "harus berupa teks",
    "bool_parsing": "harus true atau false",
    "bool_type": "harus true atau false",
    "string_pattern_mismatch": "hanya huruf kecil, angka, dan tanda hubung",
    "string_unicode": "berisi tanda yang tidak dapat ditulis",
    "finite_number": "harus bilangan yang terhingga",
    "too_short": "paling sedikit {min_length} isian",
    "too_long": "paling banyak {max_length} isian",
    "tuple_type": "harus berupa daftar",
    "model_type": "harus berupa kelompok isian",
}


def _reason(found: ErrorDetails) -> str:
    kind = found["type"]
    if kind in _OWN_REASONS:
        return found["msg"]
    if kind.startswith("int_"):
        return "harus bilangan bulat"
    if kind.startswith(("float_", "fraction_")):
        return "harus bilangan"
    return _REASONS.get(kind, "tidak sah").format(**found.get("ctx", {}))
