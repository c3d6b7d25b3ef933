"""The words of the frame around decisions and explanations, in the languages we have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["Words", "words"]

Words = Mapping[str, str]

_WORDS: Final[Mapping[str, Words]] = {
    "en": {
        "allow": "ALLOW",
        "deny": "DENY",
        "asked": "{subject} · {action} · {resource}",
        "reasons": "Reasons",
        "helps": "what helps",
        "verified": "verified: then allowed",
        "verified_denied": "verified, but then denied by {rules}",
        "not_verified": "not verified: {problem}",
        "outputs": "Outputs",
        "notices": "Rules on trial",
        "errors": "Could not be evaluated",
        "valid_until": "Valid until {instant} ({words})",
        "valid_always": "Valid: time does not change it",
        "at_once": "less than a second",
        "valid_never": "Valid for this moment only",
        "yes": "yes",
        "no": "no",
        "decided": "decided",
        "not_needed": "not evaluated",
        "fired": "fired",
        "not fired": "did not fire",
        "error": "could not be evaluated",
        "not in force": "not in force now",
        "not reached": "not reached",
        "rules": "Rules",
        "on_trial": "on trial",
        "always": "has no condition: always",
        "turn": "with {label}",
        "no_matter": "in parentheses: another value would change nothing",
    },
    "da": {
        "allow": "TILLADT",
        "deny": "AFVIST",
        "asked": "{subject} · {action} · {resource}",
        "reasons": "Begrundelser",
        "helps": "det hjælper",
        "verified": "efterprøvet: derefter tilladt",
        "verified_denied": "efterprøvet, men derefter afvist af {rules}",
        "not_verified": "ikke efterprøvet: {problem}",
        "outputs": "Oplysninger",
        "notices": "Regler på prøve",
        "errors": "Kunne ikke evalueres",
        "valid_until": "Gælder indtil {instant} ({words})",
        "valid_always": "Gælder: tiden ændrer det ikke",
        "at_once": "mindre end et sekund",
        "valid_never": "Gælder kun i dette øjeblik",
        "yes": "ja",
        "no": "nej",
        "decided": "afgjorde",
        "not_needed": "ikke evalueret",
        "fired": "udløst",
        "not fired": "ikke udløst",
        "error": "kunne ikke evalueres",
        "not in force": "gælder ikke nu",
        "not reached": "ikke nået",
        "rules": "Regler",
        "on_trial": "på prøve",
        "always": "har ingen betingelse: altid",
        "turn": "med {label}",
        "no_matter": "i parentes: en anden værdi ville intet ændre",
    },
}


def words(locale: str) -> Words:
    """The words of a locale's language; English where we have no others."""
    return _WORDS.get(locale.replace("_", "-").split("-")[0].lower(), _WORDS["en"])
