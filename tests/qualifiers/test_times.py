from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Document
from kg.pipeline import Pipeline
from kg.qualifiers import times

WEDNESDAY = date(2026, 2, 4)

PAST = """
    They met on Tuesday. | on Tuesday | 2026-02-03 | 2026-02-03
    They met on Wednesday. | on Wednesday | 2026-02-04 | 2026-02-04
    They met last Wednesday. | last Wednesday | 2026-01-28 | 2026-01-28
    They met last week. | last week | 2026-01-26 | 2026-02-01
    They met last month. | last month | 2026-01-01 | 2026-01-31
    They met yesterday. | yesterday | 2026-02-03 | 2026-02-03
    They met in May. | in May | 2025-05-01 | 2025-05-31
    They met on Jan. 5. | on Jan. 5 | 2026-01-05 | 2026-01-05
    They met on 5 March 2024. | on 5 March 2024 | 2024-03-05 | 2024-03-05
    They met on Monday, Jan. 5. | Jan. 5 | 2026-01-05 | 2026-01-05
    They met in late 2025. | in late 2025 | 2025-01-01 | 2025-12-31
    It has grown since 2019. | since 2019 | 2019-01-01 |
    It grew in the third quarter. | in the third quarter | 2025-07-01 | 2025-09-30
    It grew in the first quarter of last year. | in the first quarter of last year | 2025-01-01 | 2025-03-31
    It grew in the first half of 2025. | in the first half of 2025 | 2025-01-01 | 2025-06-30
    It grew between May and July. | between May and July | 2025-05-01 | 2025-07-31
    It grew from 2019 to 2023. | from 2019 to 2023 | 2019-01-01 | 2023-12-31
    It grew in the 1990s. | in the 1990s | 1990-01-01 | 1999-12-31
    They met two years ago. | two years ago | 2024-01-01 | 2024-12-31
    It grew over the past two years. | over the past two years | 2024-02-04 | 2026-02-04
    They met May 15-24. | May 15-24 | 2025-05-15 | 2025-05-24
    They met before March 2024. | before March 2024 | | 2024-02-29
"""
AHEAD = """
    They will meet on Tuesday. | on Tuesday | 2026-02-10 | 2026-02-10
    They will meet next Wednesday. | next Wednesday | 2026-02-11 | 2026-02-11
    They will meet next year. | next year | 2027-01-01 | 2027-12-31
    They will meet in January. | in January | 2027-01-01 | 2027-01-31
    They will end it by the end of 2030. | by the end of 2030 | | 2030-12-31
    They will meet after March 1. | after March 1 | 2026-03-02 |
    They will meet in the first quarter. | in the first quarter | 2026-01-01 | 2026-03-31
    They will meet in the next 45 days. | in the next 45 days | 2026-02-04 | 2026-03-21
"""


@pytest.mark.parametrize(("row", "is_ahead"), [(r, False) for r in PAST.strip().splitlines()]
                         + [(r, True) for r in AHEAD.strip().splitlines()])  # fmt: skip
def test_expressions_are_counted_from_the_day_of_publication(row: str, is_ahead: bool) -> None:
    text, words, start, end = (part.strip() for part in row.split("|"))

    (found,) = times.expressions(text, WEDNESDAY, is_ahead=is_ahead)

    assert text[found.start : found.end] == words
    assert [day and day.isoformat() for day in (found.interval.start, found.interval.end)] == [start or None, end or None]


@pytest.mark.parametrize("text", ["They may meet.", "They met 2030 people.", "They met on February 30.", "They march."])
def test_words_that_name_no_day_are_no_times(text: str) -> None:
    assert all(found.end < len(text) and "30" not in text[found.start : found.end]
               for found in times.expressions(text, WEDNESDAY))  # fmt: skip


def test_without_a_day_of_publication_only_full_dates_are_read() -> None:
    text = "They met last week, on Tuesday and on 5 March 2024."

    assert [text[e.start : e.end] for e in times.expressions(text, None)] == ["on 5 March 2024"]


@given(st.integers(1, 99_999), st.sampled_from(["day", "week", "month", "quarter", "year", "decade"]), st.booleans(),
       st.dates(date(1900, 1, 1), date(2100, 12, 31)))  # fmt: skip
def test_intervals_begin_before_they_end(count: int, unit: str, is_ahead: bool, published: date) -> None:
    text = f"It grew {count} {unit}s ago, in the next {count} {unit}s, last {unit} and on Friday."

    for found in times.expressions(text, published, is_ahead=is_ahead):
        assert found.interval.start is not None and found.interval.end is not None
        assert found.interval.start <= found.interval.end


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_weekday_is_at_most_a_week_away(published: date) -> None:
    for is_ahead in (True, False):
        (found,) = times.expressions("They met on Friday.", published, is_ahead=is_ahead)
        assert found.interval.start is not None
        assert abs(found.interval.start - published) < timedelta(days=7)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Canada sanctioned Belarus on Tuesday.", (date(2026, 2, 3), date(2026, 2, 3))),
        ("Canada will sanction Belarus next year.", (date(2027, 1, 1), date(2027, 12, 31))),
        ("Canada praised the law that Chile passed in 2019.", None),
        ("On Tuesday, ministers said that Canada sanctioned Belarus.", None),
    ],
)
def test_time_is_that_of_the_clause(pipeline: Pipeline, text: str, days: tuple[date, date] | None) -> None:
    ((_, found),) = pipeline.statements([Document(id="d", text=text, published=WEDNESDAY)])
    (evidence,) = [e for s in found if s.subject.label == "Canada" for e in s.evidence]

    assert (evidence.valid and (evidence.valid.start, evidence.valid.end)) == days
    assert evidence.time is None or text[evidence.time.start : evidence.time.end] in {"on Tuesday", "next year"}
