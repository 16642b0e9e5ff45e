"""Statements of a text that is sent, of which nothing is kept."""

import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kg.model import Literal, object_key
from kg.ontology import Ontology
from kg.server.api.parameters import TextToRead
from kg.server.api.routes import Router, answer
from kg.server.api.schemas import ReadText
from kg.server.api.texts import with_context
from kg.server.observation import client_of
from kg.server.problems import Problem
from kg.server.sparql import serving_of

Record = Mapping[str, Any]

_routes = Router("extraction")
router = _routes.router


@_routes.post("/extract", ReadText, 403, 408, 413, 415, 429)
async def extract(request: Request, asked: TextToRead) -> Response:
    """The statements that a text makes, with the places that make them. Nothing is stored."""
    serving = serving_of(request)
    pool, most = serving.extracting, serving.settings.limits.text_chars
    if len(asked.text) > most:
        raise Problem(413, f"the text has {len(asked.text)} characters; this server reads at most {most}")
    began = time.perf_counter()
    found = await pool.ask_json(asked.model_dump(mode="json"), client=client_of(request.scope))
    day = asked.published.isoformat() if asked.published else None
    terms = serving.now.index.ontology
    statements = [_statement(record, found["text"], day, terms) for record in found["statements"]]
    seconds = round(time.perf_counter() - began, 3)
    return answer({"text": found["text"], "statements": statements, "seconds": seconds}, {"Cache-Control": "no-store"})


def _statement(record: Record, text: str, day: str | None, terms: Ontology) -> dict[str, Any]:
    """A statement as `kg extract` prints it, as the API gives statements."""
    predicate = record["predicate"]
    return {
        "id": record["id"],
        "subject": _ref(record["subject"]),
        "predicate": {"iri": predicate["iri"], "name": predicate["name"], "label": terms.label_of(predicate["iri"])},
        "object": _ref(record["object"]) if "iri" in record["object"] else _literal(record["object"]),
        "polarity": record["polarity"],
        "modality": record["modality"],
        "belief": record.get("belief"),
        "contradicts": None,
        "n_evidence": len(record["evidence"]),
        "n_documents": 1,
        "n_independent": 1,
        "sources": [],
        "first": day,
        "last": day,
        "evidence": [_evidence(item, text) for item in record["evidence"]],
    }


def _ref(record: Record) -> dict[str, Any]:
    return {"iri": record["iri"], "label": record["label"], "class": record["type"]}


def _literal(record: Record) -> dict[str, Any]:
    literal = Literal(value=record["value"], datatype=record["datatype"], unit=record.get("unit"))
    label = f"{literal.value} {literal.unit}" if literal.unit else literal.value
    return {"iri": object_key(literal), "label": label, "class": "Literal", "value": literal.value,
            "datatype": literal.datatype, "unit": literal.unit}  # fmt: skip


def _evidence(record: Record, text: str) -> dict[str, Any]:
    attribution, valid = record["attribution"], record.get("valid")
    evidence = {
        **{name: record[name] for name in ("sentence", "subject", "predicate", "object", "modality", "confidence",
                                           "extractor")},
        "time": record.get("time"),
        "cue": attribution and attribution["cue"],
        "before": None,
        "after": None,
        "attribution": attribution and {"source": _ref(attribution["source"]) if attribution["source"] else None},
        "valid": valid and {"start": valid.get("start"), "end": valid.get("end")},
        "subject_link_score": record.get("subject_link_score"),
        "object_link_score": record.get("object_link_score"),
    }  # fmt: skip
    return with_context(evidence, text)
