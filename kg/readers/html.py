"""Web pages: the article of the page, its title, date, author, publisher and address."""

from collections.abc import Iterator
from functools import cache
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import yaml

from kg import resources
from kg.model import Document
from kg.readers import blocks, metadata
from kg.readers.content import Opened, decoded

_LONG_TEXT = 200  # characters: a paragraph that an article has, and a box has few of
_MOST_LONG_TEXTS = 3
_MAX_ELEMENTS = 200_000
# A fixed last day: with the default, today, the answer would depend on when it is asked.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


def read(opened: Opened) -> Iterator[Document]:
    """One document, through trafilatura, with comments, promotions and navigation pruned first.

    Raises:
        UnreadableDocument: when no article is found.
    """
    from trafilatura import bare_extraction, load_html

    page = decoded(opened.data(), opened.source, charset=opened.content.charset)
    tree = load_html(page)
    if tree is None:
        raise opened.unreadable("this is no HTML page; check what the address or the file holds")
    if sum(1 for _ in zip(tree.iter(), range(_MAX_ELEMENTS), strict=False)) == _MAX_ELEMENTS:
        raise opened.unreadable(f"over {_MAX_ELEMENTS:,} elements; save the text of the article to a file")
    try:
        article: Any = bare_extraction(
            tree,
            url=opened.content.url or opened.source.url,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            prune_xpath=list(pruned()),
            date_extraction_params=dict(_DATES),
        )
    # trafilatura and what it calls raise errors of any kind on broken pages; the page is unreadable, no more.
    except Exception as error:
        raise opened.unreadable(f"trafilatura failed on this page ({type(error).__name__}: {error})") from error
    if article is None or article.body is None:
        raise opened.unreadable("no article was found on this page; if there is one, save its text to a file")
    # The headline stands over the text, whether or not trafilatura took it for a part of it; cleaning keeps one.
    texts = [*filter(None, [article.title]), *blocks.paragraphs(article.body)]
    yield opened.document("\n\n".join(texts), media_type="text/html", **_found(article))


def _found(article: Any) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": article.url,
        "author": article.author,
        "publisher": article.sitename,
        "published": metadata.day(article.date),
    }


@cache
def pruned() -> tuple[str, ...]:
    """XPath expressions for what is no article, by tag, by role, and by a word of class or id.

    An element that holds the headline or several long paragraphs stays, whatever its class says: themes name whole
    pages "has-sidebar".
    """
    path = resources.folder("ontology") / "clutter.yaml"
    rules = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["html"]
    n_long = f"count(.//p[string-length(.) > {_LONG_TEXT}])"
    box = f"[not(self::html or self::body or .//h1 or .//main or {n_long} > {_MOST_LONG_TEXTS})]"
    tags = " or ".join(f"self::{tag}" for tag in rules["prune_tags"])
    roles = " or ".join(f"@role='{role}'" for role in rules["prune_roles"])
    names = f"concat('-', translate(concat(@class, ' ', @id), '{ascii_uppercase}_ ', '{ascii_lowercase}--'), '-')"
    words = " or ".join(f"contains({names}, '-{word}-')" for word in rules["prune_words"])
    # The class of an <article> often holds the categories of its text: "tag-social".
    return (f"//*[{tags} or {roles}]{box}", f"//*[not(self::article)][@class or @id][{words}]{box}")
