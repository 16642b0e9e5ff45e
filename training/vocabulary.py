"""What the pipeline knows before training: the rules of its tokenizer and the Brown clusters of its vocabulary."""

import gzip
import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import cast

import spacy
from spacy.lang.char_classes import ALPHA
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from kg.models.embedding import CLUSTER_TABLE

# Universal Dependencies splits these where spaCy's stock rules do not. Broader rules, at every digit or slash, lose
# more in web addresses and dates than they win.
_DASH = "(?:-|–|—)"
INFIXES = (
    rf"(?<=[0-9]){_DASH}(?=[{ALPHA}])",  # 15-year
    rf"(?<=[{ALPHA}])(?:–|—)(?=[0-9])",  # June–12
    rf"(?<=[{ALPHA}]\.){_DASH}(?=[{ALPHA}])",  # D.C.-based
)

# And it keeps these whole where the stock rules split: lines drawn with one sign, runs of end marks, telephone numbers,
# and words after a prefix that is no word by itself.
RUNS = (r"(?P<sign>[=*_~#<>$+|])(?P=sign)+", r"[!?]{2,}")
_PREFIX = (
    "anti|bi|co|counter|cross|de|e|ex|extra|inter|intra|macro|mega|meta|micro|mid|mini|mis|multi|non|over|post|pre|pro|"
    "pseudo|re|semi|sub|super|ultra|un"
)
WHOLE = (r"(?:\(?[0-9]{3}\)?-)?[0-9]{3}-[0-9]{4}", rf"(?i:{_PREFIX})-[{ALPHA}]+")


@spacy.registry.callbacks("kg.prepare_vocabulary.v1")
def prepare_vocabulary() -> Callable[[Language], Language]:
    """A callback that sets the tokenizer's rules and the table of clusters before training begins."""
    return lambda nlp: add_clusters(set_tokenizer_rules(nlp))


def set_tokenizer_rules(nlp: Language) -> Language:
    """The pipeline, its tokenizer splitting where Universal Dependencies does, and only there."""
    tokenizer, stock = cast(Tokenizer, nlp.tokenizer), nlp.Defaults
    tokenizer.prefix_search = compile_prefix_regex([*RUNS, *(stock.prefixes or ())]).search
    tokenizer.suffix_search = compile_suffix_regex([*RUNS, *(stock.suffixes or ())]).search
    tokenizer.infix_finditer = compile_infix_regex([*(stock.infixes or ()), *INFIXES]).finditer
    tokenizer.token_match = re.compile(rf"(?:{'|'.join(WHOLE)})$").match
    return nlp


def add_clusters(nlp: Language) -> Language:
    """The pipeline, its vocabulary holding the Brown clusters of spacy-lookups-data (190,129 English words)."""
    nlp.vocab.lookups.add_table(CLUSTER_TABLE, brown_clusters())
    return nlp


def brown_clusters() -> dict[str, int]:
    """The cluster of each word that has one, as a number whose lowest bits are the first steps of its path."""
    packed = files("spacy_lookups_data").joinpath("data", "en_lexeme_cluster.json.gz").read_bytes()
    clusters = {word: int(cluster) for word, cluster in json.loads(gzip.decompress(packed)).items()}
    return {word: cluster for word, cluster in clusters.items() if cluster}
