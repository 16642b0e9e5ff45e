"""Who says "I" and "we" in a statement that its title gives to somebody: "Statement from President Joe Biden on ..."."""

from collections.abc import Sequence
from dataclasses import replace

from kg import ids
from kg.linking.habits import Habits
from kg.model import Document, Entity, Mention, MentionKind, Span

COUNTRY = ids.ONTOLOGY + "Country"
SCORE = 0.6


def speaker(document: Document, habits: Habits) -> Mention | None:
    """The name that the title says a statement is from or by; None where it is of several, or of none."""
    found = habits.signed.match(document.title or "")
    if found is None:
        return None
    start, end = found.span("who")
    span = Span(document_id=document.id, start=start, end=end)
    return Mention(span=span, text=found["who"], kind=MentionKind.NAME, type=ids.ONTOLOGY + "Person")


def spoken(mentions: Sequence[Mention], document: Document, who: Entity, habits: Habits) -> tuple[Mention, ...]:
    """The mentions, with "I" for the speaker and "we" for his country, outside quotations and where nothing else is meant."""
    countries = (m.entity for m in mentions if m.entity is not None and m.entity.type == COUNTRY)
    country = next((e for e in countries if who.country is not None and e.country == who.country), None)
    return tuple(_meaning(m, document, {"i": who, "we": country}, habits) for m in mentions)


def _meaning(mention: Mention, document: Document, meant: dict[str, Entity | None], habits: Habits) -> Mention:
    entity = meant.get(habits.first_person.get(mention.text.lower(), ""))
    if entity is None or mention.entity is not None or mention.members or _is_quoted(mention, document):
        return mention
    return replace(mention, entity=entity, link_score=SCORE)


def _is_quoted(mention: Mention, document: Document) -> bool:
    """Whether a quotation was opened in the paragraph and not closed."""
    paragraph = document.text.rfind("\n\n", 0, mention.span.start) + 1
    before = document.text[paragraph : mention.span.start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
