"""The words and relations: `kg ontology`."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from kg.cli.app import app
from kg.cli.options import BaseOntology, Model, Ontology, Shape, settings_of
from kg.cli.printing import print_rows

ontology_app = typer.Typer(no_args_is_help=True, help="The relations, classes and patterns.")
app.add_typer(ontology_app, name="ontology")


@ontology_app.command("list", epilog="Example: `kg ontology list`.")
def ontology_list(ontology: Ontology = None, replace_ontology: BaseOntology = None) -> None:
    """Print the relations with domain, range, PLOVER event type and number of patterns."""
    from kg import lexicon

    settings = settings_of("", ontology, replace_ontology)
    terms, words = settings.terms(), lexicon.load(extend=settings.pattern_files)
    counts = Counter(p.relation for p in words.patterns)
    rows = [
        (p.name, _names(terms, p.domain), _names(terms, p.range), p.plover or "", str(counts[p.name]), p.definition)
        for p in terms.relations()
    ]
    print_rows(("relation", "domain", "range", "PLOVER", "patterns", "definition"), rows, Shape.TABLE)


@ontology_app.command("check", epilog="Example: `kg ontology check --ontology my-patterns.yaml`.")
def ontology_check(
    ontology: Ontology = None,
    replace_ontology: BaseOntology = None,
    model: Model = "en_kg_core",
    relation: Annotated[list[str] | None, typer.Option(help="Only the patterns of this relation; repeatable.")] = None,
) -> None:
    """Prove every pattern on its own examples: one it must catch, one it must leave alone."""
    from kg import pipeline

    settings = settings_of(model, ontology, replace_ontology, ("patterns",))
    n_patterns, problems = pipeline.check_patterns(settings, relations=frozenset(relation or ()))
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{n_patterns} patterns checked, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


def _names(terms: Any, iris: Sequence[str]) -> str:
    return ", ".join(terms.label_of(iri) for iri in iris)
