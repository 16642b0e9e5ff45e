"""What the addresses may be asked with."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from kg.model import Modality, Polarity
from kg.stores.index import Filters, Index

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_VALUES = 20


def _plain(text: str) -> str:
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("there is a character in it that no text has: NUL, or half a surrogate pair")
    return text


def _day(value: Any) -> Any:
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("not a date; write it as 2026-02-04")
    return value


_PLAIN = {"pattern": r"^[^\u0000]*$"}
"""For the description; `_plain` says it in words."""

Name = Annotated[str, Field(min_length=1, max_length=2000, json_schema_extra=_PLAIN), AfterValidator(_plain)]
"""A name or an IRI."""

Words = Annotated[str, Field(max_length=200, json_schema_extra=_PLAIN), AfterValidator(_plain)]
_Short = Annotated[str, Field(min_length=1, max_length=300, json_schema_extra=_PLAIN), AfterValidator(_plain)]
Names = Annotated[list[_Short], Field(max_length=_MOST_VALUES)]
Day = Annotated[date, BeforeValidator(_day)]


class Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Paged(Parameters):
    limit: int = Field(50, ge=1, le=500, description="Items to give.")
    offset: int = Field(0, ge=0, le=100_000, description="Items to pass over.")


class Filtering(Parameters):
    """Which statements are wanted; of several values any will do."""

    relation: Names = Field([], description="Names or IRIs of relations.", examples=[["dependsOn"]])
    class_: Names = Field([], alias="class", description="Names or IRIs of classes of the other entity; those below "
                          "count too. `Literal` is what names no thing.", examples=[["Country"]])  # fmt: skip
    modality: list[Modality] = Field([], max_length=_MOST_VALUES)
    polarity: list[Polarity] = Field([], max_length=_MOST_VALUES)
    source: Names = Field([], description="Publishers.")
    min_belief: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    contradicted: bool = Field(False, description="Only statements whose contrary is there too.")

    def filters(self, index: Index) -> Filters:
        """The filters, with names as IRIs.

        Raises:
            UnknownName: when there is no such relation or class.
        """
        since, until = self.days
        return Filters(
            relations=tuple(index.relation(name) for name in self.relation),
            classes=classes_of(index, self.class_),
            modalities=tuple(self.modality),
            polarities=tuple(self.polarity),
            sources=tuple(self.source),
            min_belief=self.min_belief,
            since=since,
            until=until,
            is_contradicted=self.contradicted,
        )

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last day of publication."""
        return None, None


class Dated(Parameters):
    from_: Day | None = Field(None, alias="from", description="First day of publication; the two may come in either order.", examples=["2026-02-04"])
    to: Day | None = Field(None, description="Last day of publication.", examples=["2026-12-31"])

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last day of publication."""
        return _in_order(self.from_, self.to)


def _in_order(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days, which may come in either order."""
    return (last, first) if first and last and first > last else (first, last)


def classes_of(index: Index, names: list[str]) -> tuple[str, ...]:
    """The IRIs of these classes and of all below them."""
    return tuple(dict.fromkeys(iri for name in names for iri in index.classes_below(name)))


# ---- of each address


class None_(Parameters):
    """No parameters."""


class EntityList(Paged):
    q: Words = Field("", description="Words of a name; none lists all by how much is said of them.", examples=["kazakh"])
    class_: Names = Field([], alias="class", description="Names or IRIs of classes; those below count too.")


class OneEntity(Parameters):
    iri: Name = Field(description="IRI, label or alias of the entity.", examples=["Kazakhstan"])


class StatementList(Dated, Filtering, Paged):
    entity: Name | None = Field(None, description="IRI, label or alias; none lists the whole graph.")
    side: Literal["any", "subject", "object"] = Field("any", description="Where the entity stands.")
    sort: Literal["belief", "newest", "oldest", "evidence"] = "belief"


class Around(Dated, Filtering, Paged):
    iri: Name = Field(description="IRI, label or alias of the centre.", examples=["Kazakhstan"])
    depth: int = Field(1, ge=1, le=3)
    limit: int = Field(50, ge=1, le=500, description="Nodes to give, beside the centre.")
    offset: int = Field(0, ge=0, le=100_000, description="Nodes to pass over.")


class Between(Filtering):
    from_: Name = Field(alias="from", description="IRI, label or alias.", examples=["Kazakhstan"])
    to: Name = Field(description="IRI, label or alias.", examples=["Germany"])
    max_length: int = Field(4, ge=1, le=6, description="Steps at most.")
    limit: int = Field(3, ge=1, le=10)
    since: Day | None = Field(None, description="First day of publication.")
    until: Day | None = Field(None, description="Last day of publication.")

    @property
    def days(self) -> tuple[date | None, date | None]:
        return _in_order(self.since, self.until)


class DocumentList(Dated, Paged):
    q: Words = Field("", description="Words of the title.")
    source: Names = Field([], description="Publishers.")
    sort: Literal["newest", "oldest", "title"] = "newest"


class OneDocument(Paged):
    id: Name = Field(description="Id of the document.")


class TextToRead(Parameters):
    """A text to extract statements from."""

    text: Annotated[str, Field(min_length=1, json_schema_extra=_PLAIN), AfterValidator(_plain)] = Field(
        description="English prose; how long it may be is a matter of the server.",
        examples=["China dominates the processing of rare earths."],
    )
    title: Annotated[str, Field(max_length=1000, json_schema_extra=_PLAIN), AfterValidator(_plain)] | None = None
    published: Day | None = None
    open: StrictBool = Field(False, description="Also statements whose relation is a phrase of the text.")
