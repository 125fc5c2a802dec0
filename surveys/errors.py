"""What a caller may show to a person: sentences, never tracebacks."""

from __future__ import annotations


class SurveyError(Exception):
    """A refusal with a sentence for the person who asked."""


class WrongState(SurveyError):
    """The wave is not in a state that allows this step."""


class SealingBroken(SurveyError):
    """The box does not add up; sealing stops before anything is destroyed."""


class SealingWaits(SurveyError):
    """A step of sealing cannot be done now; the next try may."""
