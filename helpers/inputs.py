"""Whether what a student gave can be used, told in one sentence if not.

:func:`public` is the door of every helper that a student calls: it judges the arguments
of a call by the function's own annotations, before the function runs. What an annotation
cannot say, such as a range, the function judges itself.
"""

import inspect
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from numbers import Integral, Real
from pathlib import Path
from types import FunctionType, NoneType, UnionType
from typing import (
    Any,
    Literal,
    ParamSpec,
    TypeGuard,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from helpers.wording import shown

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)


class InputError(ValueError):
    """An argument cannot be used; the message says which and what to give."""


def seconds(value: object, of: str, or_zero: bool = False) -> float:
    """Return a number of seconds that is above 0.

    Args:
        value: what was given.
        of: the call it was given to, such as ``"wait_for"``.
        or_zero: whether 0 is meant, too.

    Raises:
        InputError: it is no such number.
    """
    number = value if _is_number(value) else math.nan
    if math.isnan(number) or number < 0 or (number == 0 and not or_zero):
        least = "from 0 on" if or_zero else "above 0"
        raise InputError(
            f"{of} takes a number of seconds {least}, such as 10, not {shown(value)}."
        )
    return float(number)


def public(function: Callable[P, R]) -> Callable[P, R]:
    """Have a helper refuse an argument that its annotation does not allow.

    An annotation that is written in quotes, and ``object``, allow everything: the first
    names what is imported for type checkers alone. The sentence shows the example of the
    argument's docstring, ``such as ...`` in double backquotes, where there is one.
    """
    # Not by typeguard or beartype: they take True for a number, numpy's integers for
    # none and a text for a list of texts, and have no words that a beginner can read.
    signature = inspect.signature(function)
    kinds = {one.name: _kind(one.annotation) for one in signature.parameters.values()}

    @wraps(function)
    def judged(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise InputError(_wrong_number(function, signature, error)) from None
        for name, value in given.items():
            for part, one in _parts(signature.parameters[name], value):
                if not kinds[name].fits(one):
                    raise InputError(_refusal(function, part, kinds[name], one))
        return function(*args, **kwargs)

    return judged


def public_methods(made: C) -> C:
    """Have every method of a class without ``_`` before its name do as :func:`public`."""
    for name, member in list(vars(made).items()):
        if isinstance(member, FunctionType) and not name.startswith("_"):
            setattr(made, name, public(member))
    return made


def _parts(parameter: inspect.Parameter, value: Any) -> Iterable[tuple[str, object]]:  # noqa: ANN401
    """Return what was given for one parameter, each with its name."""
    if parameter.kind is parameter.VAR_POSITIONAL:
        return ((parameter.name, one) for one in value)
    if parameter.kind is parameter.VAR_KEYWORD:
        return tuple(value.items())
    return ((parameter.name, value),)


def _wrong_number(
    function: Callable[..., object], signature: inspect.Signature, error: TypeError
) -> str:
    """Tell of arguments that are missing, too many or of no such name."""
    empty = inspect.Parameter.empty
    given = [one for one in signature.parameters.values() if one.name != "self"]
    bare = [one.replace(annotation=empty) for one in given]
    shape = signature.replace(parameters=bare, return_annotation=empty)
    name = function.__name__
    return f"{name} got wrong arguments ({error}): call it as {name}{shape}."


def _refusal(
    function: Callable[..., object], name: str, kind: "_Kind", value: object
) -> str:
    example = _example(function, name) or kind.example
    what = f"{kind.one}, such as {example}" if example else kind.one
    return f"{function.__name__} takes for {name} {what}, not {shown(value)}."


def _example(function: Callable[..., object], name: str) -> str:
    """Return the example that the function's own docstring gives, if it gives one."""
    entry = rf"\n +{re.escape(name)}: ((?!\n\n|\n +\w+: ).)*?such as\s+``(?P<it>[^`]+)``"
    found = re.search(entry, function.__doc__ or "", re.DOTALL)
    return found["it"] if found else ""


@dataclass(frozen=True)
class _Kind:
    """What an annotation allows, and the words for it.

    Attributes:
        fits: whether it allows a value.
        one: what that is, such as "a number".
        many: several of it, such as "numbers".
        example: as a student would write it; empty: the words are enough.
    """

    fits: Callable[[Any], bool]
    one: str
    many: str
    example: str = ""


def _is_number(value: object) -> TypeGuard[float]:
    # True is an int to Python, and nobody means one second by it. numpy's numbers are
    # Real. NaN measures nothing, and an int may be larger than any float.
    real = isinstance(value, Real) and not isinstance(value, bool)
    return real and bool(abs(value) <= sys.float_info.max)  # type: ignore[arg-type]


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    """Tell whether that is a text that can be sent and kept: no half of a character."""
    try:
        return isinstance(value, str) and bool(value.encode() or True)
    except UnicodeEncodeError:
        return False


def _is_list(value: object) -> bool:
    """Tell whether that is a list or what serves as one: no text, but numpy's arrays."""
    is_one = isinstance(value, Sequence) or getattr(value, "ndim", 0) > 0
    return is_one and not isinstance(value, str | bytes | bytearray | type)


_ANYTHING = _Kind(lambda _: True, "anything", "values")
_SIMPLE: dict[object, _Kind] = {
    Any: _Kind(lambda _: True, "anything", "values", "3"),
    object: _ANYTHING,
    inspect.Parameter.empty: _ANYTHING,  # such as that of self
    str: _Kind(_is_text, "a text in quotes", "texts", '"flights"'),
    int: _Kind(_is_whole, "a whole number", "whole numbers", "3"),
    float: _Kind(_is_number, "a number", "numbers", "1.5"),
    bool: _Kind(lambda value: isinstance(value, bool), "True or False", "truths"),
    NoneType: _Kind(lambda value: value is None, "None", "None"),
    None: _Kind(lambda value: value is None, "None", "None"),
    Path: _Kind(
        lambda value: isinstance(value, Path), "a path", "paths", 'Path("flights.csv")'
    ),
}


def _kind(annotation: Any) -> _Kind:  # noqa: ANN401 - a type, or one of typing's forms
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in _MADE:
        return _MADE[origin](*parts)
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    # A protocol cannot be asked for its instances, and a name in quotes is no type.
    if not isinstance(annotation, type) or getattr(annotation, "_is_protocol", False):
        return _ANYTHING
    name = annotation.__name__
    return _Kind(lambda value: isinstance(value, annotation), f"a {name}", f"{name}s")


def _union(*parts: object) -> _Kind:
    kinds = [_kind(part) for part in parts]
    return _Kind(
        lambda value: any(kind.fits(value) for kind in kinds),
        _either([kind.one for kind in kinds]),
        _either([kind.many for kind in kinds]),
        next((kind.example for kind in kinds if kind.example), ""),
    )


def _literal(*values: object) -> _Kind:
    words = _either([f'"{value}"' for value in values])
    # A text first: an array would compare part by part.
    return _Kind(lambda value: isinstance(value, str) and value in values, words, words)


def _function(*_: object) -> _Kind:
    example = "lambda: len(found) == 3"
    return _Kind(callable, "a function itself", "functions", example)


def _list(part: object) -> _Kind:
    kind = _kind(part)
    return _Kind(
        lambda value: _is_list(value) and all(map(kind.fits, value)),
        f"a list of {kind.many}",
        f"lists of {kind.many}",
        f"[{kind.example}]" if kind.example else "",
    )


def _several(part: object) -> _Kind:
    """Return the kind of what is gone through once: looking at it would use it up."""
    kind = _kind(part)
    return _Kind(
        lambda value: isinstance(value, Iterable) and not isinstance(value, str | bytes),
        f"a list of {kind.many}",
        f"lists of {kind.many}",
    )


def _dict(key: object, value: object) -> _Kind:
    keys, values = _kind(key), _kind(value)

    def fits(given: object) -> bool:
        return (
            isinstance(given, Mapping)
            and all(map(keys.fits, given))
            and all(map(values.fits, given.values()))
        )

    words = f"of {keys.many} and {values.many}"
    example = f"{{{keys.example}: {values.example}}}" if values.example else ""
    return _Kind(fits, f"a dict {words}", f"dicts {words}", example)


def _tuple(*parts: object) -> _Kind:
    kinds = [_kind(part) for part in parts]

    def fits(given: object) -> bool:
        return (
            isinstance(given, tuple | list)
            and len(given) == len(kinds)
            and all(kind.fits(one) for kind, one in zip(kinds, given, strict=True))
        )

    words = " and ".join(kind.one for kind in kinds)
    example = ", ".join(kind.example for kind in kinds)
    return _Kind(fits, f"{words} in brackets", "tuples", f"({example})")


def _either(words: list[str]) -> str:
    *most, last = dict.fromkeys(words)
    return f"{', '.join(most)} or {last}" if most else last


_MADE: dict[object, Callable[..., _Kind]] = {
    Union: _union,
    UnionType: _union,
    Literal: _literal,
    Callable: _function,
    Sequence: _list,
    Iterable: _several,
    Mapping: _dict,
    tuple: _tuple,
}
