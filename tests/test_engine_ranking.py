"""The ranking against a plain reference, which goes through texts word by word."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
import pytest

from store.engine.closeup import counts_in, places_in
from store.engine.documents import LENGTHS, to_bytes
from store.engine.evaluating import AbandonedError, Evaluation, Hits
from store.engine.feedback import TELLING_WORDS, counts_of, told_words
from store.engine.nodes import All, Any, Match, Run, Word
from store.engine.ranking import BEST, MOST_WORDS, Ranking, TextFields
from store.engine.snapshot import Snapshot
from store.engine.whoosh import TOC, FileIndex, FileStorage
from store.engine.writing import ArrayWriter
from store.index.analysis import Analyser
from store.index.fields import COLUMNS, LISTS
from store.index.schema import INDEX_NAME, SCHEMA
from store.texts.commonwords import telling
from store.texts.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

FIELDS = TextFields("text", "title", ("title", "abs"))
K1, B = 1.2, 0.75
WORDS = """
    sparse attention attentive graph graphs network networks learning learned learner
    protein folding model models image retrieval dense walk walking walks of the
""".split()  # noqa: SIM905 a list of words is hard to read
EMPTY = {column: "[]" if field in LISTS else "" for field, column in COLUMNS.items()}
NAMES = ("lee", "garcia", "okafor")


@dataclass(frozen=True, slots=True)
class Text:
    """A document, with what its author is called."""

    title: str
    abstract: str = ""
    author: str = ""

    @property
    def parts(self) -> list[list[str]]:
        """The stems of all the text, in the order of the index; the title counts twice."""
        whole = (self.title, self.title, self.abstract, self.author)
        return [[stem(word) for word in part.split()] for part in whole]

    @property
    def told(self) -> list[str]:
        return [stem(word) for part in (self.title, self.abstract) for word in part.split()]


def opened(folder: Path, *segments: Sequence[Text], deleted: Iterable[int] = ()) -> Snapshot:
    """Return an index that has the texts in so many segments."""
    storage = FileStorage(str(folder))
    index = FileIndex.create(storage, SCHEMA, INDEX_NAME)
    for texts in segments:
        rows = [
            {"key": number, "revision": 1, **EMPTY, "title": text.title, "abstract": text.abstract}
            | {"authors": json.dumps([text.author] if text.author else [])}
            for number, text in enumerate(texts, start=1)
        ]
        writer = ArrayWriter(index, lambda *_: None)
        writer.add_batch(Analyser().batch(rows))
        writer.commit(mergetype=lambda _, before: before)
    if deleted:
        writer = ArrayWriter(index, lambda *_: None)
        for number in deleted:
            writer.delete_document(number)
        writer.commit(mergetype=lambda _, before: before)
    return Snapshot(storage, TOC.read(storage, INDEX_NAME, schema=SCHEMA).segments)


def ranking_of(snapshot: Snapshot) -> Ranking:
    return Ranking(Evaluation(snapshot), snapshot, FIELDS)


def class_word(word: str, field: str = "text") -> Word:
    return Word(field, stem(word).encode(), Match.CLASS)


def asked(text: str) -> list[Word]:
    return [class_word(word) for word in text.split()]


def scored(hits: Hits) -> dict[int, float]:
    return dict(zip(hits.documents.tolist(), hits.scores.tolist(), strict=True))


def some_texts(chance: random.Random, number: int, longest: int = 30) -> list[Text]:
    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    return [Text(words(6), words(longest), chance.choice(NAMES)) for _ in range(number)]


class Plain:
    """The formulas as they are written, for queries of stems."""

    def __init__(self, texts: Sequence[Text], deleted: Iterable[int] = ()) -> None:
        self.texts = texts
        self.live = set(range(len(texts))) - set(deleted)
        self.whole = [Counter(word for part in text.parts for word in part) for text in texts]
        self.titles = [Counter(text.parts[0]) for text in texts]
        self.averages = {
            id(fields): sum(counts.total() for counts in fields) / len(fields)
            for fields in (self.whole, self.titles)
        }
        self.having = Counter(word for counts in self.whole for word in counts)
        forms = [{*f"{text.title} {text.abstract} {text.author}".split()} for text in texts]
        self.having_forms = Counter(stem(form) for own in forms for form in own)

    def rarity(self, word: str) -> float:
        return self.rarity_of(self.having[word])

    def told_rarity(self, word: str) -> float:
        """A document that has several forms of a word counts for each of them."""
        return self.rarity_of(self.having_forms[word])

    def rarity_of(self, having: int) -> float:
        having = min(having, len(self.texts))
        return log(1 + (len(self.texts) - having + 0.5) / (having + 0.5))

    def saturated(self, count: float, number: int, fields: Sequence[Counter[str]]) -> float:
        average = self.averages[id(fields)]
        length = float(LENGTHS[to_bytes(np.array([fields[number].total()]))][0])
        return count * (K1 + 1) / (count + K1 * (1 - B + B * length / average))

    def most_words(self, query: Sequence[str]) -> dict[int, float]:
        scores = {
            number: score
            for number in sorted(self.live)
            if (score := sum(self.of_word(word, number) for word in query)) > 0
        }
        scores = self.lifted(query, scores)
        return self.with_told_words(query, scores)

    def of_word(self, word: str, number: int) -> float:
        count = self.whole[number][word]
        return self.rarity(word) * self.saturated(count, number, self.whole)

    def lifted(self, query: Sequence[str], scores: Mapping[int, float]) -> dict[int, float]:
        best = self.best(scores)
        return {n: s + self.lift(query, n) if n in best else s for n, s in scores.items()}

    def lift(self, query: Sequence[str], number: int) -> float:
        title = self.titles[number]
        lift = 0.5 * sum(
            self.rarity(word) * self.saturated(title[word], number, self.titles) for word in query
        )
        for one, other in {pair for pair in pairwise(query) if pair[0] != pair[1]}:
            near = sum(self.nearness(one, other, part) for part in self.texts[number].parts)
            weight = 0.125 * (self.rarity(one) + self.rarity(other))
            lift += weight * self.saturated(near, number, self.whole)
        return lift

    @staticmethod
    def nearness(one: str, other: str, words: Sequence[str]) -> float:
        near = 0.0
        for place in (place for place, word in enumerate(words) if word == one):
            rest = words[place + 1 : place + 6]
            if other in rest:
                near += 1 / (rest.index(other) + 1) ** 2
        return near

    def with_told_words(
        self, query: Sequence[str], scores: Mapping[int, float]
    ) -> dict[int, float]:
        best = self.best(scores)
        first = sorted(best, key=lambda number: -scores[number])[:5]
        odds = {number: exp(scores[number] - scores[first[0]]) for number in first}
        shares: dict[str, float] = {}
        for number, own in odds.items():
            if own >= 0.01:
                told = Counter(self.texts[number].told)
                for word, count in told.items():
                    shares[word] = shares.get(word, 0) + own * count / told.total()
        shares = {w: s for w, s in shares.items() if sum(w in c for c in self.whole) >= 2}
        assert len(shares) <= TELLING_WORDS, "all of them count"
        scale = 0.5 * len(query) / sum(shares.values())
        return {
            number: score
            + (number in best)
            * scale
            * sum(
                share
                * self.told_rarity(word)
                * self.saturated(self.whole[number][word], number, self.whole)
                for word, share in shares.items()
            )
            for number, score in scores.items()
        }

    @staticmethod
    def best(scores: Mapping[int, float]) -> list[int]:
        if len(scores) <= BEST:
            return list(scores)
        least = sorted(scores.values(), reverse=True)[BEST - 1]
        best = [number for number, score in scores.items() if score >= least]
        assert len(best) <= 2 * BEST
        return best


QUERIES = (
    "sparse attention network",
    "graph graph learning",
    "the retrieval of models",
    "walking protein folding walks images",
    "unheard dense",
)


@pytest.mark.parametrize("seed", range(4))
def test_documents_with_most_words_score_as_the_formulas_say(tmp_path: Path, seed: int) -> None:
    texts = some_texts(random.Random(seed), 60)  # noqa: S311 no secret
    deleted = (3, 20, 41)
    snapshot = opened(tmp_path, texts[:40], texts[40:], deleted=deleted)
    plain = Plain(texts, deleted)
    for query in QUERIES:
        found = scored(ranking_of(snapshot).most_words(asked(query)))
        wanted = plain.most_words([stem(word) for word in query.split()])
        assert found == pytest.approx(wanted, rel=1e-4), query


def test_of_many_documents_the_best_alone_are_lifted(tmp_path: Path) -> None:
    texts = some_texts(random.Random(9), 1_600, longest=12)  # noqa: S311 no secret
    ranking = ranking_of(opened(tmp_path, texts))
    plain = Plain(texts)
    query = "graph network learning"
    hits = ranking.evaluation.hits(Any(tuple(Run((word,)) for word in asked(query))))
    assert len(hits.documents) > BEST
    wanted = plain.lifted([stem(word) for word in query.split()], scored(hits))
    assert scored(ranking.lifted(asked(query), hits)) == pytest.approx(wanted, rel=1e-4)
    assert sum(score > scored(hits)[number] for number, score in wanted.items()) < len(wanted)


@pytest.mark.parametrize("seed", range(3))
def test_results_with_all_words_are_lifted_and_stay_the_same(tmp_path: Path, seed: int) -> None:
    texts = some_texts(random.Random(seed), 50)  # noqa: S311 no secret
    ranking = ranking_of(opened(tmp_path, texts[:10], texts[10:]))
    words = asked("learning network graphs")
    hits = ranking.evaluation.hits(All(tuple(Run((word,)) for word in words)))
    lifted = ranking.lifted(words, hits)
    assert len(hits.documents)
    assert lifted.documents.tolist() == hits.documents.tolist()
    wanted = Plain(texts).lifted([word.text.decode() for word in words], scored(hits))
    assert scored(lifted) == pytest.approx(wanted, rel=1e-4)


NEAR_AND_FAR = [
    Text("one", "sparse attention makes it short"),
    Text("one", "sparse and quick attention makes it"),
    Text("one", "attention sparse makes it long"),
    Text("one", "sparse one two three four five attention"),
]


def lifts(ranking: Ranking, words: Sequence[Word]) -> list[float]:
    """Return how much each document is lifted."""
    everything = np.arange(ranking.snapshot.count, dtype=np.int32)
    zeros = np.zeros(len(everything), np.float32)
    return list(ranking.lifted(words, Hits(everything, zeros)).scores.tolist())


def test_words_lift_a_document_the_nearer_they_are_in_the_order_of_the_query(
    tmp_path: Path,
) -> None:
    beside, near, reverse, far = lifts(
        ranking_of(opened(tmp_path, NEAR_AND_FAR)), asked("sparse attention")
    )
    assert beside > near > 0
    assert reverse == far == 0


def test_words_in_a_title_lift_a_document_the_more_the_rarer_they_are(tmp_path: Path) -> None:
    texts = [Text("graph model"), Text("walk model"), Text("walk image"), Text("image", "graph")]
    graph, walk, image, abstract = lifts(
        ranking_of(opened(tmp_path, texts, [Text("walk")] * 3)), asked("walk graph")
    )[:4]
    assert graph > walk == image > 0
    assert abstract == 0


@pytest.mark.parametrize(
    "word",
    [
        Word("text", b"spar", Match.BEGINNING),
        Word("text", b"sparze", Match.CLOSE),
        Word("title", b"spars", Match.CLASS),
    ],
)
def test_words_that_are_not_written_out_lift_nothing(tmp_path: Path, word: Word) -> None:
    ranking = ranking_of(opened(tmp_path, [Text("sparse attention")]))
    assert lifts(ranking, [word]) == [0]
    assert lifts(ranking, [word, class_word("attention")]) == lifts(
        ranking, [class_word("attention")]
    )


def test_the_word_in_typing_lifts_as_if_it_were_at_its_end(tmp_path: Path) -> None:
    ranking = ranking_of(opened(tmp_path, NEAR_AND_FAR))
    typed = Word("text", b"attention", Match.BEGINNING, stem("attention").encode())
    assert lifts(ranking, [class_word("sparse"), typed]) == lifts(
        ranking, asked("sparse attention")
    )


def test_the_best_document_tells_words_that_lift_others_but_no_names(tmp_path: Path) -> None:
    texts = [
        Text("protein folding", "alpha helices", "okafor"),
        Text("folding", "chairs", "okafor"),
        Text("folding", "tables", "garcia"),
        Text("folding", "helices", "garcia"),
    ]
    hits = ranking_of(opened(tmp_path, texts)).most_words(asked("protein folding"))
    best, same_author, other, alike = hits.scores.tolist()
    assert best > alike > other
    assert same_author == other


def test_of_the_words_that_are_told_those_with_the_greatest_weight_are_taken(
    tmp_path: Path,
) -> None:
    rare = [f"rare{number}" for number in range(TELLING_WORDS)]
    texts = [Text("protein", " ".join([*rare, "common", "alone"])), Text(" ".join(rare), "protein")]
    texts += [Text("common", "protein")] * 8
    ranking = ranking_of(opened(tmp_path, texts))
    shares = {name.encode(): 0.04 for name in [*rare, "common", "alone"]}
    told = told_words(ranking.evaluation, shares, FIELDS.whole, times=2)
    assert {word.text.decode() for word in told} == set(rare)
    # Together they count half as much as two words of their rarity.
    assert sum(told.values()) == pytest.approx(Plain(texts).rarity(rare[0]))


def test_of_too_many_words_the_commonest_are_left_out(tmp_path: Path) -> None:
    rare = [f"rare{number}" for number in range(MOST_WORDS)]
    texts = [Text("common"), Text("common"), *(Text(word) for word in rare)]
    query = " ".join(["common", *rare])
    hits = ranking_of(opened(tmp_path, texts)).most_words(asked(query))
    assert hits.documents.tolist() == list(range(2, len(texts)))


@pytest.mark.parametrize("query", ["", "unheard", "unheard words"])
def test_without_a_known_word_nothing_is_found(tmp_path: Path, query: str) -> None:
    assert not len(ranking_of(opened(tmp_path, [Text("graph")])).most_words(asked(query)).documents)


def test_an_empty_index_has_no_documents(tmp_path: Path) -> None:
    assert not len(ranking_of(opened(tmp_path)).most_words(asked("graph model")).documents)


def test_a_search_that_is_given_up_ends(tmp_path: Path) -> None:
    snapshot = opened(tmp_path, [Text("graph model")])
    with pytest.raises(AbandonedError):
        Ranking(Evaluation(snapshot, lambda: True), snapshot, FIELDS).most_words(asked("graph"))


def test_a_search_for_remembered_words_can_be_given_up_at_every_step(tmp_path: Path) -> None:
    snapshot = opened(tmp_path, some_texts(random.Random(2), 30))  # noqa: S311 no secret
    words = asked("graph network learning model")
    whole = ranking_of(snapshot).most_words(words)
    answers = [False] * 100
    Ranking(Evaluation(snapshot, answers.pop), snapshot, FIELDS).most_words(words)
    steps = 100 - len(answers)
    # Their postings, their titles and what pairs of them come to.
    assert steps >= 3 * len(words) - 1
    for last in range(1, steps + 1):
        left = [True, *[False] * (last - 1)]
        with pytest.raises(AbandonedError):
            Ranking(Evaluation(snapshot, left.pop), snapshot, FIELDS).most_words(words)
        assert not left
    assert scored(ranking_of(snapshot).most_words(words)) == scored(whole)


def test_a_telling_document_may_be_beyond_all_that_have_a_field(tmp_path: Path) -> None:
    older = [Text("quokka")] * 298 + [Text("zebra crossing")] * 2
    snapshot = opened(tmp_path, [Text("zebra", "stripes")] * 2 + older)
    documents = snapshot.segments[0].fields["abs"].documents
    assert documents.dtype.itemsize == 1, "the last paper's number does not fit"
    assert counts_of(snapshot, 301, FIELDS.told) == Counter({b"zebra": 1, b"cross": 1})
    hits = ranking_of(snapshot).most_words(asked("zebra crossing"))
    assert set(hits.documents[hits.scores == hits.scores.max()].tolist()) == {300, 301}


def test_where_too_many_documents_are_the_best_none_is_lifted(tmp_path: Path) -> None:
    count = BEST + 1
    snapshot = opened(tmp_path, [Text("graph")] * count + [Text("model")] * count)
    hits = ranking_of(snapshot).most_words(asked("graph model"))
    assert hits.documents.tolist() == list(range(2 * count))
    assert len(set(hits.scores.tolist())) == 1


@pytest.mark.parametrize("seed", range(3))
def test_many_words_at_once_are_where_each_is(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 no secret
    texts = some_texts(chance, 40)
    snapshot = opened(tmp_path, texts[:15], texts[15:25], texts[25:])
    evaluation = Evaluation(snapshot)
    words = asked(" ".join([*WORDS, "unheard"]))
    documents = np.array(sorted(chance.sample(range(40), 12)), np.int32)
    places = places_in(snapshot, words, documents, evaluation.ask)
    counts = counts_in(snapshot, words, documents, evaluation.ask)
    for word, own, row in zip(words, places, counts, strict=True):
        assert own.tolist() == evaluation.positions(word, documents).tolist()
        held = evaluation.postings(word)
        known = dict(zip(held.documents.tolist(), held.counts.tolist(), strict=True))
        assert row.tolist() == [known.get(number, 0) for number in documents.tolist()]


def test_words_with_very_many_postings_are_looked_at_in_portions(tmp_path: Path) -> None:
    snapshot = opened(tmp_path, some_texts(random.Random(4), 40))  # noqa: S311 no secret
    evaluation = Evaluation(snapshot)
    words, documents = asked(" ".join(WORDS)), np.arange(0, 40, 3, dtype=np.int32)
    many = 650_000 // sum(map(evaluation.frequency, words))
    asks: list[None] = []
    places = places_in(snapshot, words * many, documents, lambda: asks.append(None))
    assert len(asks) == 3
    counts = counts_in(snapshot, words * many, documents, evaluation.ask)
    for number, word in enumerate(words * many):
        if number % 997 == 0:
            assert places[number].tolist() == evaluation.positions(word, documents).tolist()
    once = counts_in(snapshot, words, documents, evaluation.ask)
    assert (counts == np.tile(once, (many, 1))).all()


def test_what_a_document_is_made_of_is_read_off_its_segment(tmp_path: Path) -> None:
    texts = some_texts(random.Random(5), 30)  # noqa: S311 no secret
    snapshot = opened(tmp_path, texts[:20], texts[20:])
    for number, text in enumerate(texts):
        found = counts_of(snapshot, number, FIELDS.told)
        assert found == Counter(word.encode() for word in text.told)


def test_common_words_are_passed_over_where_others_are_there() -> None:
    assert telling(["what", "is", "attention", "for"]) == ["attention"]
    assert telling(["one", "use", "of", "all"]) == ["one", "use"]
    assert telling(["to", "be", "or", "not"]) == ["to", "be", "or", "not"]
