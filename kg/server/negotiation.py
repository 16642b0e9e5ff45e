"""Which media type to answer in, by the Accept header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterable, Sequence

_WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the client prefers, among equals the first; None where it takes none of them.

    The most specific range that covers an offer gives its weight. Parameters other than `q` are passed over, as we
    offer none. No header, or one that names nothing, takes anything.
    """
    ranges = list(_ranges(accept or ""))
    if not ranges:
        return offers[0]
    weighed = [(_weight(offer, ranges), -n, offer) for n, offer in enumerate(offers)]
    weight, _, offer = max(weighed)
    return offer if weight > 0 else None


def accepts(accept: str | None, *, over: str, wanted: str) -> bool:
    """Whether the header puts `wanted`, which it must name itself, over the other."""
    ranges = list(_ranges(accept or ""))
    is_named = any(name == wanted for name, _ in ranges)
    return is_named and _weight(wanted, ranges) > _weight(over, ranges)


def _ranges(accept: str) -> Iterable[tuple[str, float]]:
    """Each media range of the header with its weight."""
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.lower().split(";"))
        if name.count("/") == 1:
            yield name, _q(parameters)


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            return min(1.0, float(value)) if _WEIGHT.fullmatch(value) else 0.0
    return 1.0


def _weight(offer: str, ranges: Iterable[tuple[str, float]]) -> float:
    kind = offer.partition("/")[0] + "/*"
    known = dict(ranges)
    return next((known[name] for name in (offer, kind, "*/*") if name in known), 0.0)
