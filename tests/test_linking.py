from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import ids, ontology
from kg.errors import OntologyError
from kg.linking import Linker, link_all
from kg.linking.names import in_singular, key_of, label_of
from kg.model import Document, Mention, MentionKind, Span

ONTOLOGY = ontology.load()
LINKER = Linker.load(ontology=ONTOLOGY)


def mention(text, name, *, type=None, kind=MentionKind.NAME, head=None, label=None, chain=None, start=None):
    start = text.index(name) if start is None else start
    return Mention(
        span=Span(document_id="d", start=start, end=start + len(name)),
        text=name,
        kind=kind,
        type=ids.ONTOLOGY + type if type else None,
        head=head,
        label=label,
        chain=chain,
    )


def linked(text, name, type=None, *, published=None, **more):
    """The mention of that name, linked in that text."""
    document = Document(id="d", text=text, published=published)
    return LINKER.link(mention(text, name, type=type, **more), document=document)


def iri_of(*arguments, **more):
    """What the mention is linked to, from `policy-kg/` on."""
    return linked(*arguments, **more).entity.iri.removeprefix(ids.BASE).removeprefix("entity/")


def nominal(text, name, head, type=None):
    return linked(text, name, type, kind=MentionKind.NOMINAL, head=head).entity


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("United States", "country/USA"),
        ("the United States", "country/USA"),
        ("U.S.", "country/USA"),
        ("U.S", "country/USA"),
        ("US", "country/USA"),
        ("USA", "country/USA"),
        ("U.S.’s", "country/USA"),
        ("America", "country/USA"),
        ("CHINA", "country/CHN"),
        ("China's", "country/CHN"),
        ("People’s Republic of China", "country/CHN"),
        ("Britain", "country/GBR"),
        ("Cote d’Ivoire", "country/CIV"),
        ("Democratic Republic of Congo", "country/COD"),
        ("Guinea", "country/GIN"),
        ("Equatorial Guinea", "country/GNQ"),
        ("Niger", "country/NER"),
        ("Turkey", "country/TUR"),
        ("Chad", "country/TCD"),
        ("Chinese", "country/CHN"),
        ("Swiss", "country/CHE"),
        ("Spaniards", "country/ESP"),
        ("Soviet", "country/soviet-union"),
        ("EU", "intergovernmentalorganization/european-union"),
        ("WHO", "intergovernmentalorganization/world-health-organization"),
        ("NATO", "alliance/nato"),
        ("Pentagon", "governmentagency/department-of-defense"),
        ("Kremlin", "government/RUS"),
        ("European", "region/europe"),
        ("Al Qaida", "organization/al-qaeda"),
        ("Al-Qaida", "organization/al-qaeda"),
        ("rare-earth elements", "mineral/rare-earth-elements"),
    ],
)
def test_name_is_known_in_the_forms_that_people_use(name, expected):
    assert iri_of(f"Yesterday {name} spoke.", name) == expected


@pytest.mark.parametrize("word", ["us", "Us", "who", "Who", "china", "turkey", "it", "lead"])
def test_ordinary_word_is_not_taken_for_a_name(word):
    assert linked(f"So {word} said.", word).link_score == 0.5


@pytest.mark.parametrize(
    ("text", "name", "type", "expected"),
    [
        ("Tbilisi fell. Georgia asked for help.", "Georgia", "Place", "country/GEO"),
        ("Georgia asked for help.", "Georgia", "Place", "country/GEO"),
        ("Atlanta voted. Georgia counted.", "Georgia", "Place", "region/georgia"),
        ("Congo mines cobalt.", "Congo", "Place", "country/COD"),
        ("From Brazzaville, Congo spoke.", "Congo", "Place", "country/COG"),
        ("Pyongyang tested. Korea spoke.", "Korea", "Place", "country/PRK"),
        ("Korea spoke.", "Korea", "Place", "country/KOR"),
        ("Deforestation in the Amazon rose in Brazil.", "Amazon", "Place", "region/amazon-rainforest"),
        ("Amazon and Google hired.", "Amazon", "Organization", "company/amazon"),
        ("Jordan scored.", "Jordan", "Person", "person/jordan"),
        ("They fled to camps in Jordan.", "Jordan", "Person", "country/JOR"),
        ("Jordan signed.", "Jordan", "Place", "country/JOR"),
        ("Apple sold phones.", "Apple", "Organization", "company/apple"),
        ("Apple trees grow.", "Apple", None, "namedthing/apple"),
    ],
)
def test_homonym_is_read_by_its_type_and_by_the_words_of_the_document(text, name, type, expected):
    assert iri_of(text, name, type) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Beijing condemned the move.", "Beijing", "government/CHN"),
        ("They met in Beijing.", "Beijing", "city/beijing"),
        ("Beijing, China, is large.", "Beijing", "city/beijing"),
        ("Beijing, it said, would answer.", "Beijing", "government/CHN"),
        ("Washington imposed tariffs.", "Washington", "government/USA"),
        ("He left the Paris talks.", "Paris", "city/paris"),
        ("Paris Agreement targets hold.", "Paris", "city/paris"),
        ("They spoke in Tokyo and Paris.", "Paris", "city/paris"),
        ("In March, Paris and Rome agreed.", "Paris", "government/FRA"),
        ("He flew to Washington.", "Washington", "city/washington-d-c"),
        ("A Washington-based group said so.", "Washington", "city/washington-d-c"),
        ("Seattle cheered. Washington banned it.", "Washington", "region/washington-state"),
        ("The White House denied it.", "White House", "government/USA"),
        ("They met at the White House.", "White House", "facility/white-house"),
        ("the Chinese government said", "Chinese government", "government/CHN"),
        ("the U.S. Government said", "U.S. Government", "government/USA"),
        ("the PRC government said", "PRC government", "government/CHN"),
        ("Government of the Russian Federation", "Government of the Russian Federation", "government/RUS"),
        ("the Bush administration", "Bush administration", "government/USA/george-w-bush"),
        ("the Biden-Harris Administration", "Biden-Harris Administration", "government/USA/joe-biden"),
    ],
)
def test_capital_is_a_city_where_it_is_a_place_and_else_the_government(text, name, expected):
    assert iri_of(text, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("President Joe Biden", "person/joe-biden"),
        ("U.S. President Donald J. Trump", "person/donald-trump"),
        ("Joseph R. Biden, Jr.", "person/joe-biden"),
        ("Biden", "person/joe-biden"),
        ("Mr. Putin", "person/vladimir-putin"),
        ("J. D. Vance", "person/jd-vance"),
        ("Senator Anna Berg", "person/anna-berg"),
        ("Prime Minister", "person/prime-minister"),
        ("Secretary General", "person/secretary-general"),
        ("Former President", "person/former-president"),
        ("Former Secretary of State Anna Berg", "person/anna-berg"),
    ],
)
def test_person_is_named_without_titles(name, expected):
    assert iri_of(f"So {name} said.", name, "Person") == expected


def test_shared_surname_is_of_the_one_in_office():
    assert iri_of("Bush spoke.", "Bush", "Person", published=date(1990, 5, 1)) == "person/george-h-w-bush"
    assert iri_of("Bush spoke.", "Bush", "Person", published=date(2003, 5, 1)) == "person/george-w-bush"
    assert iri_of("Bush spoke.", "Bush", "Person") == "person/george-w-bush"


@pytest.mark.parametrize(
    ("text", "name", "published", "expected"),
    [
        ("The Chinese president spoke.", "Chinese president", date(2005, 5, 1), "person/hu-jintao"),
        ("The Chinese president spoke.", "Chinese president", date(2020, 5, 1), "person/xi-jinping"),
        ("They met the Prime Minister of the United Kingdom.", "Prime Minister of the United Kingdom", date(2023, 5, 1), "person/rishi-sunak"),
        ("The U.S. Secretary of State left.", "U.S. Secretary of State", date(2014, 5, 1), "person/john-kerry"),
        ("On May 2, 2019, the Treasury Secretary spoke.", "Treasury Secretary", date(2024, 5, 1), "person/steven-mnuchin"),
    ],
)
def test_office_means_who_holds_it_on_the_day(text, name, published, expected):
    assert iri_of(text, name, "Person", published=published) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A former Chinese president spoke.", "Chinese president"),
        ("A president spoke.", "president"),
    ],
)
def test_office_means_nobody_where_it_is_not_held_or_not_said_whose(text, name):
    given = linked(text, name, "Person", published=date(2020, 5, 1))

    assert given.entity.iri != ids.BASE + "entity/person/xi-jinping"


def test_office_means_nobody_where_the_day_is_not_known():
    assert not iri_of("The Chinese president spoke.", "Chinese president", "Person").endswith("xi-jinping")


def test_surname_of_many_is_that_of_the_one_whose_title_stands_before_it():
    day = date(2014, 5, 1)

    assert iri_of("Secretary Kerry spoke.", "Kerry", "Person", published=day) == "person/john-kerry"


def test_local_name_holds_only_where_its_country_is_named():
    assert (
        iri_of("American voters watch Congress.", "Congress", "Organization")
        == "governmentagency/united-states-congress"
    )
    assert iri_of("Indian voters watch Congress.", "Congress", "Organization") == "organization/congress"


def test_unknown_name_is_minted_without_what_surrounds_it():
    entity = linked("the “Harbour  Compact’s” terms", "the “Harbour  Compact’s”", "Agreement").entity

    assert entity.label == "Harbour Compact"
    assert entity.iri == ids.BASE + "entity/agreement/harbour-compact"
    assert entity.type == ids.ONTOLOGY + "Agreement"


@pytest.mark.parametrize("type", [None, "NamedThing", "Person"])
def test_name_with_a_title_is_of_a_person(type):
    assert iri_of("So President Zorbax said.", "President Zorbax", type) == "person/zorbax"


@pytest.mark.parametrize("name", ["General Zorbax", "President Street", "Mr. Zorbax and the Seven Little Goats"])
def test_name_that_only_begins_like_a_title_is_of_no_person(name):
    assert linked(f"So {name} said.", name).entity.type == ids.ONTOLOGY + "NamedThing"


@pytest.mark.parametrize("type", [None, "Concept", "NamedThing"])
def test_unknown_name_of_no_class_is_a_named_thing(type):
    assert linked("So Zorbax said.", "Zorbax", type).entity.type == ids.ONTOLOGY + "NamedThing"


def test_pronoun_is_left_alone():
    text = "It rose."
    pronoun = mention(text, "It", kind=MentionKind.PRONOUN)

    assert LINKER.link(pronoun, document=Document(id="d", text=text)) == pronoun


@pytest.mark.parametrize(
    ("text", "name", "head", "expected", "label"),
    [
        ("New tariffs hit.", "New tariffs", "tariff", "concept/new-tariff", "new tariffs"),
        ("A new tariff hit.", "new tariff", "tariff", "concept/new-tariff", "new tariff"),
        ("The Kurdish forces left.", "Kurdish forces", "force", "concept/kurdish-force", "Kurdish forces"),
        ("Chinese companies left.", "Chinese companies", "company", "concept/chinese-company", "Chinese companies"),
        ("Processing of lithium grew.", "Processing of lithium", "processing", "concept/processing-of-lithium", "processing of lithium"),
        ("Two crises of supply", "crises of supply", "crisis", "concept/crisis-of-supply", "crises of supply"),
        ("They mine lithium.", "lithium", "lithium", "entity/mineral/lithium", "lithium"),
        ("Critical minerals matter.", "Critical minerals", "mineral", "entity/mineral/critical-minerals", "critical minerals"),
        ("Rare earths matter.", "Rare earths", "earth", "entity/mineral/rare-earth-elements", "rare earth elements"),
        ("They took the lead.", "the lead", "lead", "concept/lead", "lead"),
        ("The Russians left.", "The Russians", "russian", "entity/country/RUS", "Russia"),
        ("The Chinese government left.", "The Chinese government", "government", "entity/government/CHN", "Government of China"),
        ("The federal government of the United States", "The federal government", "government", "entity/government/USA", "Government of the United States"),
        ("The federal government of Germany", "The federal government", "government", "concept/federal-government", "federal government"),
    ],
)  # fmt: skip
def test_nominal_is_a_known_entity_or_a_concept(text, name, head, expected, label):
    entity = nominal(text, name, head)

    assert (entity.iri, entity.label) == (ids.BASE + expected, label)


def test_concept_has_the_concept_of_its_head_as_the_broader_one():
    assert nominal("new tariffs", "new tariffs", "tariff").broader == ids.BASE + "concept/tariff"
    assert nominal("pure lithium", "pure lithium", "lithium").broader == ids.BASE + "entity/mineral/lithium"
    assert nominal("tariffs", "tariffs", "tariff").broader is None


def test_concept_is_of_the_class_of_the_mention():
    assert nominal("tariffs", "tariffs", "tariff", "Measure").type == ids.ONTOLOGY + "Measure"
    assert nominal("ideas", "ideas", "idea").type == ids.ONTOLOGY + "Concept"


def test_known_entity_says_where_else_it_is_known():
    assert "http://www.wikidata.org/entity/Q148" in linked("China spoke.", "China").entity.same_as
    assert linked("China spoke.", "China").entity.country == "CHN"


def test_mentions_of_a_chain_share_the_entity_that_the_best_of_them_has():
    text = "Zorbax Mining Corp. grew. Zorbax said it hired. The company is new."
    document = Document(id="d", text=text)
    found = [
        mention(text, "Zorbax Mining Corp.", type="Company", chain=0),
        mention(text, "Zorbax", type="Company", chain=0, start=26),
        mention(text, "it", kind=MentionKind.PRONOUN, chain=0),
        mention(text, "The company", kind=MentionKind.NOMINAL, head="company", chain=0),
        mention(text, "new", kind=MentionKind.PRONOUN),
    ]
    result = link_all(found, document, LINKER)

    assert {m.entity.label for m in result[:4]} == {"Zorbax Mining Corp."}
    assert result[4].entity is None


def test_known_name_of_a_chain_comes_before_a_longer_unknown_one():
    text = "The giant Middle Kingdom, China, spoke."
    found = [mention(text, "Middle Kingdom", chain=1), mention(text, "China", chain=1)]
    result = link_all(found, Document(id="d", text=text), LINKER)

    assert {m.entity.iri for m in result} == {ids.BASE + "entity/country/CHN"}


KINDS = st.sampled_from([MentionKind.NAME, MentionKind.NOMINAL])
WORDS = st.sampled_from(
    [
        "Georgia",
        "the",
        "US",
        "Beijing",
        "in",
        "President",
        "Biden",
        "tariffs",
        "New",
        "’s",
        "Chinese",
        "government",
        "“Act”",
    ]
)
TYPES = st.sampled_from([None, "Person", "Place", "Organization", "Measure"])


@given(st.lists(WORDS, min_size=1, max_size=5).map(" ".join) | st.text(min_size=1, max_size=30), KINDS, TYPES)
@settings(deadline=None)
def test_linking_is_idempotent_and_gives_an_entity_to_every_name_and_nominal(name, kind, type):
    document = Document(id="d", text=f"He said {name} spoke.")
    once = LINKER.link(mention(document.text, name, kind=kind, type=type, start=8), document=document)

    assert LINKER.link(once, document=document) == once
    assert once.entity is not None
    assert once.entity.iri.startswith(ids.BASE)
    assert 0 < once.link_score <= 1


@given(st.text())
def test_possessive_changes_no_key(text):
    assert key_of(f"{text}a’s") == key_of(f"{text}a's") == key_of(f"{text}a")


@given(st.text(min_size=1))
def test_label_is_never_empty_and_in_single_spaces(text):
    label = label_of(text, LINKER.habits.determiners)

    assert label
    assert label == text or label == " ".join(label.split())


@pytest.mark.parametrize(
    ("label", "head", "expected"),
    [
        ("new tariffs", "tariff", "new tariff"),
        ("taxes on imports", "tax", "tax on imports"),
        ("policies", "policy", "policy"),
        ("rise of China", "rise", "rise of China"),
        ("children", "child", "child"),
        ("young people", "person", "young people"),
    ],
)
def test_label_in_the_singular(label, head, expected):
    assert in_singular(label, head) == expected


def test_names_to_look_for_are_proper_names_of_known_classes():
    names = dict(LINKER.names())

    assert names["U.S."] == ids.ONTOLOGY + "Country"
    assert names["People’s Liberation Army"] == ids.ONTOLOGY + "ArmedForce"
    assert names["Beijing"] == ids.ONTOLOGY + "City"
    assert not {"Jordan", "Nice", "Biden", "lithium", "Reading"} & set(names)
    assert set(names.values()) <= set(ONTOLOGY.classes)


def test_folder_without_a_knowledge_base_is_refused(tmp_path):
    with pytest.raises(OntologyError, match="no knowledge base"):
        Linker.load(tmp_path, ontology=ONTOLOGY)


def test_line_that_is_no_entity_is_named(tmp_path):
    (tmp_path / "places.jsonl").write_text('{"iri":"city/a","type":"City","label":"A"}\n{"iri":"city/b"}\n')

    with pytest.raises(OntologyError, match=r"places\.jsonl, line 2"):
        Linker.load(tmp_path, ontology=ONTOLOGY)


TITLE = "Statement from President Joe Biden on Ukraine"


def said(text, word, *, title):
    """The label of what a word of the first person means, and of the country where it is named."""
    found = link_all(
        [mention(text, "United States", type="Country"), mention(text, word, kind=MentionKind.PRONOUN)],
        Document(id="d", text=text, title=title, published=date(2022, 4, 6)), LINKER,
    )  # fmt: skip
    return found[1].entity.label if found[1].entity is not None else None


@pytest.mark.parametrize("word, expected", [("I", "Joe Biden"), ("our", "United States")])
def test_first_person_is_who_signs_the_statement_and_his_country(word, expected):
    assert said(f"The United States stands by {word} word.", word, title=TITLE) == expected


@pytest.mark.parametrize(
    "text, title",
    [
        ("The United States acts. “So I say.”", TITLE),
        ("The United States acts. So I say.", "Statement by President Biden and Prime Minister Kishida"),
        ("The United States acts. So I say.", "A day in Kyiv"),
    ],
)
def test_first_person_of_others_is_left_alone(text, title):
    assert said(text, "I", title=title) is None
