"""A guessed number: read as people type it, and held against the result."""

import math
import re

# A number, perhaps with a sign before it and a unit behind it.
_TYPED = re.compile(r"[~≈]?\s*(?P<sign>-?)(?P<digits>[\d.,'’\s]*\d)\s*(?P<unit>\D*)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([\s,'’]\d{3})+(\.\d+)?")
# Four digits behind a comma are a thousand and more, mistyped.
_DECIMAL = re.compile(r"\d*\.?\d+|\d*,\d{1,3}")
_LONGEST = 400
# A thousand to some, one to others. `1,000` is a thousand, as the lessons write it.
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
# Of what a float holds for sure.
_DIGITS = 15


def number(text: str, unit: str) -> float | None:
    """Return the number that a guess means; None if it is none or could be two.

    Args:
        text: as it was typed, such as ``"~1,000"``, ``"1,5"`` or ``"3 s"``.
        unit: what may stand behind it, in whole or its first letters.
    """
    typed = _TYPED.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not typed or not _is_unit(typed["unit"].strip(" .").casefold(), unit):
        return None
    digits = typed["digits"]
    if _THOUSANDS.fullmatch(digits):
        digits = re.sub(r"[\s,'’]", "", digits)
    elif not _DECIMAL.fullmatch(digits) or _AMBIGUOUS.fullmatch(digits):
        return None
    found = float(typed["sign"] + digits.replace(",", "."))
    # Without the sign of a zero.
    return found + 0.0 if math.isfinite(found) else None


def amount(figure: float, unit: str) -> str:
    """Return a number as it is and its unit, such as "1 second" or "12.5 %"."""
    return f"{_figure(figure)} {_singular(unit) if figure == 1 else unit}".strip()


def measured(result: float, unit: str) -> str:
    """Return a result and its unit: a count as it is, anything else by two figures."""
    return amount(round(result, _places(result)), unit)


def verdict(
    guess: float, result: float, unit: str, within: float = 0.0
) -> tuple[bool, str]:
    """Return whether a guess is right, and the sentence that says how far off it is.

    Args:
        guess: the student's.
        result: measured. What is no whole number is told by two figures.
        unit: of both.
        within: share of the result by which the guess may be off.
    """
    places = _places(result)
    rounded = round(result, places)
    # Told by no more figures than the result.
    difference = round(guess - rounded, places)
    said, told = f"Your guess of {amount(guess, unit)} is", amount(rounded, unit)
    apart = "percentage points" if unit == "%" else ""
    if not difference:
        exact = guess == rounded
        return True, f"{said} " + ("exactly right." if exact else f"right: it is {told}.")
    right = abs(guess - result) <= within * abs(result)
    judged = "close enough" if right else "too far off"
    off = f"{measured(abs(difference), apart)} {'above' if difference > 0 else 'below'}"
    return right, f"{said} {judged}: {off} the result, which is {told}."


def _is_unit(word: str, unit: str) -> bool:
    forms = (unit, _singular(unit), "percent" if unit == "%" else unit)
    return any(form.casefold().startswith(word) for form in forms)


def _singular(unit: str) -> str:
    return re.sub(r"(ie)?s$", lambda end: "y" if end[1] else "", unit)


def _places(result: float) -> int:
    """Return how many decimals a result is told by: a count is exact, a time is not."""
    if float(result).is_integer():
        return _DIGITS
    return max(0, 1 - math.floor(math.log10(abs(result))))


def _figure(number: float) -> str:
    return f"{number:,.{_DIGITS}g}"
