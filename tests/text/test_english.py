"""English text: HTML, MediaWiki markup, tokens, vocabulary, padding."""

import bz2
import re
import string
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from gensim.test.utils import datapath
from hypothesis import given
from hypothesis import strategies as st

from utils.text import chinese, english, wiki_dump

LONE_SURROGATE = "\ud800"
ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
MARKUP = st.lists(st.sampled_from(
    ["<", ">", "</", "<b>", "</p>", "<br/>", "<!--", "-->", "<script>", "</script>", "<a href=", '"', "'",
     "=", "&amp;", "&#x", "&", ";", "[[", "]]", "[", "|", "{{", "}}", "{|", "|}", "<ref>", "</ref>",
     "<ref name=x/>", "File:a.jpg", "thumb", "http://a.b", "#redirect", "word", " ", "\n", "7",
     "é", "電", "😀", LONE_SURROGATE]
), max_size=30).map("".join)


@pytest.fixture(scope="module")
def wikipedia() -> dict[str, str]:
    """The markup of every page in the sample of English Wikipedia that gensim carries, by title."""
    dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
    namespace = "{http://www.mediawiki.org/xml/export-0.10/}"
    with bz2.open(dump) as stream:
        pages = ElementTree.parse(stream).iter(f"{namespace}page")
        return {page.findtext(f"{namespace}title"): page.findtext(f".//{namespace}text") for page in pages}


# --- strip_html -----------------------------------------------------------------------------------

@pytest.mark.parametrize(("markup", "visible"), [
    ("<p>Good film.</p><p>See it!</p>", "Good film. See it!"),
    ("one<br>two<br/>three<BR />four", "one two three four"),
    ("<b>un</b>do H<sub>2</sub>O", "undo H2O"),
    ("fish &amp; chips &lt;b&gt; caf&eacute; &#28961;&#x7DDA;", "fish & chips <b> café 無線"),
    ("a&nbsp;b\u3000c\t\n d", "a b c d"),
    ("<a title='x > y' href=\"?a=1&b=2\">link</a>", "link"),
    ("x<script>if (a < b) write('<p>no</p>')</script>y<style>p > b {}</style>", "x y"),
    ("<SCRIPT type='module'>1</SCRIPT >shown", "shown"),
    ("<title>tab</title><h1>page</h1><template>later</template>", "page"),
    ("before<!-- a > b <p> -- -->after", "before after"),
    ("<!DOCTYPE html><?xml version='1.0'?>text", "text"),
    ("<scripted>kept</scripted>", "kept"),
    # malformed
    ("I <3 it, a < b and c > d", "I <3 it, a < b and c > d"),  # no tag begins with a digit or a space
    ("<b><i>wrong</b> order</i>", "wrong order"),
    ("</p>stray</div>", "stray"),
    ("<p>never closed", "never closed"),
    ("cut off <a href='http", "cut off"),
    ("<a href=\"x>quote never closed</a> more", "quote never closed more"),
    ("<p class=a\"b'c>odd quotes</p>", "odd quotes"),
    ("<>empty</>", "<>empty</>"),
    ("<<b>double", "<double"),
    ("a<!-- never closed <p>b</p>", "a"),
    ("a<!-->b<!--->c", "a b c"),
    ("a<script>never closed <p>b</p>", "a"),
    ("a<![foo bar]>b<![CDATA[c]]>", "a b"),
    ("&unknown; &amp &#xD800; &#0; AT&T", "&unknown; & � � AT&T"),
    ("<b" + " " * 50_000, ""),
    ("<a ='" * 20_000, ""),
    ("<b>" * 20_000 + "deep", "deep"),
    # no markup
    ("", ""), ("  \n ", ""), ("!?…", "!?…"), ("電影 great 😀", "電影 great 😀"),
    (LONE_SURROGATE + "<b>x", LONE_SURROGATE + "x"),
])
def test_markup_goes_and_text_stays_malformed_or_not(markup, visible):
    assert english.strip_html(markup) == visible


class _LibraryText(HTMLParser):
    """The text of well-formed markup by the standard library: the independent reference."""

    def __init__(self, markup):
        super().__init__()
        self.seen = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.seen.append("" if tag == "b" else " ")

    def handle_endtag(self, tag):
        self.handle_starttag(tag, [])

    def handle_data(self, data):
        self.seen.append(data)


words_in_markup = st.text("abz é電&;\"'=>", max_size=8)
well_formed = st.recursive(
    words_in_markup.map(lambda word: word.replace("&", "&amp;").replace(">", "&gt;")),
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "b", "li"]), st.text("ab =>'", max_size=5), st.lists(inner, max_size=3)
    ).map(lambda node: f'<{node[0]} title="{node[1]}">{"".join(node[2])}</{node[0]}>'),
)


@given(well_formed)
def test_well_formed_markup_reads_as_the_standard_library_reads_it(markup):
    assert english.strip_html(markup) == " ".join("".join(_LibraryText(markup).seen).split())


@given(MARKUP)
def test_no_html_raises_or_leaves_white_space(markup):
    visible = english.strip_html(markup)
    assert visible == " ".join(visible.split())


# --- normalise_letters ----------------------------------------------------------------------------

def test_wikipedia_becomes_letters_and_single_spaces_and_begins_as_text8_does(wikipedia):
    longest = " ".join(filter(None, map(english.normalise_letters, wikipedia.values())))
    assert re.fullmatch("[a-z]+(?: [a-z]+)*", longest)
    assert longest.startswith("anarchism is a political philosophy that advocates self governed societies")
    assert 2_800_000 < len(longest) < 3_200_000


@pytest.mark.parametrize(("title", "lead"), [
    (  # caption, pronunciation template, italics, piped links, quotation marks, digit, capitals
        "Albedo",
        "percentage of diffusely reflected sunlight in relation to various surface conditions albedo or "
        "reflection coefficient derived from latin albedo whiteness or reflected sunlight in turn from "
        "albus white is the diffuse reflectivity or reflecting power of a surface it is the ratio of "
        "reflected radiation from the surface to incident radiation upon it its dimensionless nature "
        "lets it be expressed as a percentage and is measured on a scale from zero for no reflection of "
        "a perfectly black surface to one for perfect reflection of a white surface note since ",
    ), (  # captions with links
        "Achilles",
        "achilles and the nereid cymothoe attic red figure kantharos from volci cabinet des m dailles "
        "biblioth que nationale paris head of achilles depicted on a four th century bc coin from "
        "kremaste phthia reverse thetis wearing chiton and holding shield of achilles with his ax "
        "monogram in greek mythology achilles akhilleus was a greek hero of the trojan war and the "
        "central character and greatest warrior of homer s ",
    ), (  # a nested table
        "A",
        "writing cursive forms of a a named plural as a s a s a s or aes is the first "
        "letter and the first vowel in the iso basic latin alphabet it is similar to",
    ),
])
def test_lead_of_an_article_reads_as_on_the_page(wikipedia, title, lead):
    assert english.normalise_letters(wikipedia[title]).startswith(lead)


def test_tables_and_references_of_albedo_are_gone(wikipedia):
    letters = english.normalise_letters(wikipedia["Albedo"])
    assert "is three zero to three five because of cloud cover but widely varies" in letters
    assert ("environmental features the term was introduced into optics by johann heinrich lambert in his "
            "one seven six zero work photometria terrestrial albedo albedos of typical materials") in letters
    assert "is currently about one five c if earth were frozen" in letters  # 15&nbsp;°C
    assert not re.search(r"\b(asphalt|heat island group|accessdate|wikitable|nbsp|isbn)\b", letters)


def test_nested_reference_of_the_letter_a_is_gone_and_redirects_are_empty(wikipedia):
    letters = english.normalise_letters(wikipedia["A"])
    assert "in italic type history the earliest certain ancestor of a is aleph also written aleph" in letters
    assert "phoenician alphabet which consisted entirely of consonants for that reason" in letters
    assert english.normalise_letters(wikipedia["AccessibleComputing"]) == ""


@pytest.mark.parametrize(("markup", "letters"), [
    ("Route 66, 3.14", "route six six three one four"),
    ("'''Bold''' and ''it'' don't", "bold and it don t"),
    ("Encyclopædia", "encyclop dia"),
    ("H<sub>2</sub>O<br>next", "h two o next"),
    ("[[Plain]]s, [[target|shown]], [[a|]], [[:Category:X|y]]", "plains shown a y"),
    ("x[[de:Anarchismus]]y [[be-x-old:A]] [[wikt:word|word]]", "x y word"),
    ("[[Category:Red things|*]]", "red things"),
    ("[[File:A b.jpg|thumb|200px|left|alt=none|A ''b'' by [[C|c]] [http://d.e d]]] end", "a b by c d end"),
    ("[[Image:a.png|200x100px]]", ""),
    ("<gallery mode=packed>\nFile:A.jpg|First [[x|one]]\nB.jpg|Two\n</gallery>z", "first one two z"),
    ("[http://a.b/c?d=1 Label] [https://a.b] http://bare.org/x. //stays", "label stays"),
    ("a{{t|{{u|{x}}}|[[v]]}}b", "a b"),
    ("a{| class=x\n| 1 {{y|}}\n{|\n| 2\n|}\n|}b", "a b"),
    ("a<ref name=\"x>y\">c</ref>b<ref name=z />d<!-- e -->f<math>x^2</math>", "a b d f"),
    ("&lt;b&gt; &amp;amp; &eacute;a &nbsp;x", "b amp a x"),
    ("__NOTOC__== Head ==\n* item", "head item"),
    ("#REDIRECT [[Other page]]", ""),
    # broken markup and odd texts
    ("a {{ b", "a b"), ("a }} b", "a b"), ("{{a {{b}} c", "a c"), ("[[a [[b]]", "a b"), ("]] a [[", "a"),
    ("a <ref>b", "a b"), ("a <ref>b<ref>c</ref>", "a b"), ("a <!-- b", "a"), ("if a<b then", "if a b then"),
    ("{|a", "a"), ("", ""), ("!?。", ""), ("電影", ""), ("😀 ok " + LONE_SURROGATE, "ok"),
    ("{" * 20_000, ""), ("[[" * 20_000, ""),
])
def test_markup_becomes_what_a_reader_sees(markup, letters):
    assert english.normalise_letters(markup) == letters


@given(MARKUP | ANY_TEXT)
def test_any_text_becomes_letters_and_single_spaces(markup):
    assert re.fullmatch("(?:[a-z]+(?: [a-z]+)*)?", english.normalise_letters(markup))


@given(st.lists(st.text(string.ascii_lowercase, min_size=1)))
def test_letters_stay_letters(words):
    assert english.normalise_letters(" ".join(words)) == " ".join(words)


# --- tokenise and stop words ----------------------------------------------------------------------

@pytest.mark.parametrize(("given_text", "tokens"), [
    ("The Movie, was GREAT!", ["the", "movie", "was", "great"]),
    ("don't rock’n’roll", ["don't", "rock'n'roll"]),
    ("'quoted' boys' ''x", ["quoted", "boys", "x"]),
    ("state-of-the-art 3.5 snake_case", ["state", "of", "the", "art", "3", "5", "snake", "case"]),
    ("Cafe\u0301 naïve ÜBER", ["café", "naïve", "über"]),
    ("看電影movie 好看", ["看電影movie", "好看"]),
    ("good😀bad", ["good", "bad"]),
    (f"a{LONE_SURROGATE}b", ["a", "b"]),
    ("", []), ("... ?! —", []), ("_'_", []),
])
def test_tokens_follow_the_documented_rule(given_text, tokens):
    assert english.tokenise(given_text) == tokens


@given(ANY_TEXT)
def test_tokens_come_out_of_their_own_text_again(given_text):
    tokens = english.tokenise(given_text)
    assert all(tokens)
    assert english.tokenise(" ".join(tokens)) == tokens


def test_stop_words_hold_function_words_and_contractions_but_no_content():
    stop = english.stop_words()
    assert {"the", "as", "to", "from", "not", "don't", "it's", "i'm", "they've", "won't"} <= stop
    assert not stop & {"film", "good", "taipei", "i's"}
    assert all(english.tokenise(word) == [word] for word in stop)


@pytest.mark.parametrize("function", [
    english.strip_html, english.normalise_letters, english.tokenise, wiki_dump.plain_text,
    chinese.to_traditional, chinese.to_simplified, chinese.segment, chinese.segment_plainly,
])
@pytest.mark.parametrize(("wrong", "message"), [
    (None, r"\(\) needs one str, not NoneType"),
    (["a", "b"], r"\(\) needs one str, not list: for several texts, call it on each"),
    (b"a", r"\(\) needs a str, not bytes: decode it first"),
])
def test_what_is_no_string_is_refused(function, wrong, message):
    with pytest.raises(TypeError, match=function.__name__ + message):
        function(wrong)


# --- Vocabulary -----------------------------------------------------------------------------------

TEXTS = [["the", "cat", "the", "mat"], ["a", "cat"], ["the", "dog"]]


def test_ids_go_by_frequency_and_ties_by_the_alphabet_and_the_largest_size_counts_padding_and_unknown():
    vocabulary = english.Vocabulary(TEXTS)
    assert vocabulary.words == ["<pad>", "<unk>", "the", "cat", "a", "dog", "mat"]
    assert (len(vocabulary), vocabulary.counts) == (7, [0, 0, 3, 2, 1, 1, 1])
    for smaller in (english.Vocabulary(TEXTS, max_size=4), english.Vocabulary(TEXTS, min_count=2)):
        assert smaller.words == ["<pad>", "<unk>", "the", "cat"]
        assert (len(smaller), smaller.counts) == (4, [0, 3, 3, 2])
        assert smaller.encode(["the", "mat", "cat", "never"]) == [2, 1, 3, 1]
        assert smaller.decode([2, 1, 3, 0, 0]) == ["the", "<unk>", "cat"]
        assert "the" in smaller and "mat" not in smaller


def test_a_word_that_looks_like_padding_is_unknown_and_no_texts_leave_the_two_special_ids():
    assert english.Vocabulary([]).words == english.Vocabulary([[], []]).words == ["<pad>", "<unk>"]
    vocabulary = english.Vocabulary([["<pad>", "<unk>", "x"]])
    assert vocabulary.words == ["<pad>", "<unk>", "x"]
    assert vocabulary.counts == [0, 2, 1]
    assert vocabulary.encode(["<pad>"]) == [1] and "<pad>" not in vocabulary


@given(st.lists(st.lists(st.text(st.characters(codec=None), max_size=3))))
def test_a_full_vocabulary_gives_every_text_back(texts):
    vocabulary = english.Vocabulary(texts)
    for tokens in texts:
        expected = [token if token not in english.Vocabulary.SPECIAL else "<unk>" for token in tokens]
        assert vocabulary.decode(vocabulary.encode(tokens)) == expected
    assert sum(vocabulary.counts) == sum(map(len, texts))


def test_saved_and_loaded_it_is_the_same_and_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing.json"):
        english.Vocabulary.load(tmp_path / "missing.json")
    vocabulary = english.Vocabulary([["it's", "電影", "\"\\\n", LONE_SURROGATE, "<unk>", "😀"]], max_size=6)
    path = tmp_path / "vocabulary.json"
    vocabulary.save(path)
    loaded = english.Vocabulary.load(path)
    assert (loaded.words, loaded.counts) == (vocabulary.words, vocabulary.counts)
    assert loaded.encode(["電影", "it's", "?"]) == vocabulary.encode(["電影", "it's", "?"])


@pytest.mark.parametrize("content", [
    b"", b"not json", b"{}", b"3", b"[]", b"\xff\xfe", b'[["the", 1]]',
    b'[["<pad>", 0], ["<unk>", 0], ["a", "b"]]',
    b'[["<pad>", 0], ["<unk>", 0], ["a", 1], ["a", 1]]', b'[["<pad>", 0], ["<unk>"]]',
    b'[["<pad>", 0], ["<unk>", 0], [1, 1]]',
    b'[["<pad>", 0], ["<unk>", 0], ["a", -1]]', b'[["<pad>", 0], ["<unk>", 0], [["a"], 1]]',
])
def test_a_file_that_holds_no_vocabulary_is_refused(tmp_path, content):
    path = tmp_path / "wrong.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"wrong\.json holds no vocabulary as save\(\) writes it"):
        english.Vocabulary.load(path)


@pytest.mark.parametrize(("build", "error", "message"), [
    (lambda: english.Vocabulary("the cat"), TypeError, r"list of token lists, not a str: \[tokenise\(text\)\]"),
    (lambda: english.Vocabulary([["a"], "the cat"]), TypeError, "Text 1 is a str where a list of tokens was"),
    (lambda: english.Vocabulary([[1, 2]]), TypeError, "A token is a str, not int: 1"),
    (lambda: english.Vocabulary(TEXTS, max_size=1), ValueError, "at least 2, not 1"),
    (lambda: english.Vocabulary(TEXTS).encode("the cat"), TypeError, "needs a list of tokens, not a str"),
    (lambda: english.Vocabulary(TEXTS).decode([7]), ValueError, "Id 7 is not .* ids go from 0 to 6"),
    (lambda: english.Vocabulary(TEXTS).decode([-1]), ValueError, "Id -1 is not in this vocabulary"),
    (lambda: english.Vocabulary(TEXTS).decode([1.5]), TypeError, "float"),
])
def test_wrong_use_of_a_vocabulary_is_refused(build, error, message):
    with pytest.raises(error, match=message):
        build()


# --- pad ------------------------------------------------------------------------------------------

def test_lists_tuples_and_arrays_are_padded_to_int32_and_none_give_an_empty_array():
    padded = english.pad([[1, 2, 3, 4], (5,), np.array([6, 7], np.int64), []], 3)
    assert padded.dtype == np.int32
    assert padded.tolist() == [[1, 2, 3], [5, 0, 0], [6, 7, 0], [0, 0, 0]]
    assert english.pad([], 4).shape == (0, 4)


@given(st.lists(st.lists(st.integers(0, 99), max_size=6), max_size=5), st.integers(1, 8),
       st.sampled_from(["first", "last"]))
def test_padding_agrees_with_its_definition(sequences, length, keep):
    cut = [row[:length] if keep == "first" else row[-length:] for row in sequences]
    filled = [row + [0] * (length - len(row)) for row in cut]
    assert english.pad(sequences, length, keep=keep).tolist() == filled


@pytest.mark.parametrize(("arguments", "error", "message"), [
    (([[1]], 0), ValueError, "length is a whole number from 1 on, not 0"),
    (([[1]], 2.0), ValueError, "length is a whole number from 1 on, not 2.0"),
    (([[1]], True), ValueError, "length is a whole number from 1 on, not True"),
    (([[1]], 2, "end"), ValueError, "keep is 'first' or 'last', not 'end'"),
    (([[1], ["a"]], 2), ValueError, r"Sequence 1 must be flat .*, not \['a'\]\. Words go through Vocabulary"),
    (([[1.5]], 2), ValueError, "Sequence 0 must be flat and of whole numbers"),
    (([[True]], 2), ValueError, "Sequence 0 must be flat and of whole numbers"),
    (([[[1, 2]]], 2), ValueError, "Sequence 0 must be flat"),
    (([[1], [[1], [2, 3]]], 2), ValueError, "Sequence 1 must be flat"),
    ((["word"], 2), ValueError, "Sequence 0 must be flat .*, not 'word'"),
    (([1, 2], 2), ValueError, "Sequence 0 must be flat .*, not 1"),
    (([[2**31]], 2), ValueError, "Sequence 0 .* that fit int32, not .2147483648"),
    (([[-(2**31) - 1]], 2), ValueError, "that fit int32"),
    (([[2**70]], 2), ValueError, "that fit int32"),
])
def test_wrong_sequences_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        english.pad(*arguments)
