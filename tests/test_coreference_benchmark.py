import pytest

from benchmarks.coreference import ConllScore, b_cubed, ceaf_e, muc, read

KEY = [frozenset({1, 2, 3, 4, 5}), frozenset({6, 7}), frozenset({8, 9, 10, 11, 12})]
MERGED = [frozenset({1, 2, 3, 4, 5}), frozenset({6, 7, 8, 9, 10, 11, 12})]

PLAN = """\
# newdoc id = plan
# newpar
1-2\tNorway's\t_\t_\t_\t_\t_\t_\t_\t_
1\tNorway\tNorway\tPROPN\tNNP\t_\t3\tnmod:poss\t_\tEntity=(2-plan-new(1-place-new-x)
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tplan\tplan\tNOUN\tNN\t_\t4\tnsubj\t_\tEntity=2)
4\twaits\twait\tVERB\tVBZ\t_\t0\troot\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# newpar
1\tIt\tit\tPRON\tPRP\t_\t2\tnsubj\t_\tEntity=(2-plan-giv)
2\twaits\twait\tVERB\tVBZ\t_\t0\troot\t_\t_
"""


def share(pair: tuple[float, float]) -> float:
    return pair[0] / pair[1]


def test_measures_give_the_figures_of_the_papers_for_two_chains_merged():
    assert share(muc(KEY, MERGED)) == 1
    assert share(muc(MERGED, KEY)) == pytest.approx(9 / 10)
    assert share(b_cubed(KEY, MERGED)) == 1
    assert share(b_cubed(MERGED, KEY)) == pytest.approx(16 / 21)
    assert ceaf_e(KEY, MERGED) == pytest.approx(1 + 10 / 12)


def test_perfect_chains_score_one_and_none_score_nothing():
    perfect, empty = ConllScore(), ConllScore()
    perfect.add(KEY, KEY)
    empty.add(KEY, [])

    assert perfect.scores() == pytest.approx({"muc": 1, "b3": 1, "ceafe": 1, "conll": 1})
    assert empty.scores() == pytest.approx({"muc": 0, "b3": 0, "ceafe": 0, "conll": 0})


def test_treebank_gives_back_its_text_and_its_chains(tmp_path):
    file = tmp_path / "plan.conllu"
    file.write_text(PLAN)

    (gold,) = read(file)

    assert gold.text.strip() == "Norway's plan waits.\n\nIt waits"
    assert gold.chains() == [frozenset({gold.text.index("plan"), gold.text.index("It")})]
