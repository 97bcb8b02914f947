"""Sphinx extension: in a lesson's page of the site, the first use of each term of docs/glossary.toml leads to the glossary.

Chinese prose is linked by the Chinese term, English prose by the English one; the page in both languages by either. Headings, code,
formulas, links, references and what cells print stay as they are.
"""

import re
from collections.abc import Callable

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from tools.lessons import glossary, one_language

NEVER_LINKED = (nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.reference, nodes.raw,
                addnodes.pending_xref)  # fmt: skip


class Terms:
    """The terms of one language, as prose writes them."""

    def __init__(self, language: str):
        """Take "zh" or "en". English terms are found in the plural too, and by each of their names (`word vector, embedding`)."""
        self.meanings, self._of_name = {}, {}
        for chinese, entry in glossary.read()["terms"].items():
            if language not in entry.get("everyday", ()):
                term, meaning, names = chinese, entry["zh"], [chinese]
                if language == "en":
                    term, meaning, names = entry["en"], entry["means"], re.split(r", | \(|\)", entry["en"])
                self.meanings[term] = re.sub(r"[$\\]", "", meaning)  # a title shows no formulas
                self._of_name |= {name.lower(): term for name in names if name}
        names = [r"\s+".join(map(re.escape, name.split())) for name in sorted(self._of_name, key=len, reverse=True)]
        self._pattern = re.compile(f"({'|'.join(names)})" if language == "zh" else rf"(?i)(?<![\w-])({'|'.join(names)})(?:s|es)?(?![\w-])")

    def find(self, text: str, seen: set[str]) -> list[tuple[int, int, str]]:
        """Return where terms that were not seen stand in a text, (start, end, term), and add them to the seen ones."""
        found = []
        for match in self._pattern.finditer(text):
            term = self._of_name[" ".join(match[1].lower().split())]
            if term not in seen:
                seen.add(term)
                found.append((*match.span(), term))
        return found


def link(document: nodes.Node, terms: Terms, made: Callable[[str, str], nodes.Node]) -> None:
    """Put a link in the place of the first use of each term in a document's prose.

    Args:
        document: is changed in place.
        made: returns the link for a term and the words that stand there.
    """
    seen: set[str] = set()
    for node in list(document.findall(nodes.Text)):
        above, outer = node.parent, node.parent
        while outer is not None and not _is_never_linked(outer):
            outer = outer.parent
        if outer is not None:
            continue
        text, done, parts = node.astext(), 0, []
        for start, end, term in terms.find(text, seen):
            parts += [nodes.Text(text[done:start]), made(term, text[start:end])]
            done = end
        if parts:
            above.replace(node, [part for part in [*parts, nodes.Text(text[done:])] if part.astext()])


def _is_never_linked(node: nodes.Element) -> bool:
    """Whether what stands in a node is no prose of the course: titles of papers are words of others."""
    if isinstance(node, nodes.section):
        return bool(re.search("參考資料|References", node.next_node(nodes.title).astext()))
    return isinstance(node, NEVER_LINKED) or node.get("nb_element") == "cell_code"


class TermLinks(SphinxPostTransform):
    """Link the terms of a lesson's page, with the meaning as the link's title."""

    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs) -> None:
        if not self.env.docname.startswith("notebooks/"):
            return
        shown = self.config.course_language
        for language in one_language.LANGUAGES if shown == "both" else [shown]:
            terms = Terms(language)
            link(self.document, terms, lambda term, words, terms=terms: self._reference(term, words, terms.meanings[term]))

    def _reference(self, term: str, words: str, meaning: str) -> nodes.Node:
        domain, name = self.env.domains.standard_domain, self.env.docname
        found = domain.resolve_xref(self.env, name, self.app.builder, "term", term, addnodes.pending_xref(), nodes.Text(words))
        if found is None:
            raise ValueError(f"Expected {term!r} on the site's glossary page, found no such term. See site.glossary_page.")
        found["reftitle"] = meaning
        found["classes"] += ["term"]
        return found


def setup(app) -> dict[str, bool]:
    app.add_config_value("course_language", "both", "env")
    app.add_post_transform(TermLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
