"""Sphinx's settings for the site. Its project, language and sources come from tools/lessons/site.py."""

import json
import os
import re

from sphinx.search import SearchLanguage, languages

SHOWN = os.environ["COURSE_SITE_LANGUAGE"]
HAN = r"[\u3400-\u9fff]"


class Bigrams(SearchLanguage):
    """Words of Latin letters, and pairs of neighbouring Chinese characters; the page splits a query in the same way."""

    lang = "bigrams"
    language_name = "Bigrams"
    js_stemmer_code = "var Stemmer = function() { this.stemWord = word => word; };"
    js_splitter_code = """
function splitQuery(query) {
  const found = [];
  for (const run of query.match(/[\\u3400-\\u9fff]+|[\\p{L}\\p{N}_]+/gu) || []) {
    if (!/[\\u3400-\\u9fff]/.test(run) || run.length === 1) found.push(run);
    else for (let at = 0; at + 1 < run.length; at++) found.push(run.slice(at, at + 2));
  }
  return found;
}
"""
    stopwords = frozenset()

    def split(self, text):
        for run in re.findall(rf"{HAN}+|[^\W_]+(?:_[^\W]+)*", text):
            if re.match(HAN, run) and len(run) > 1:
                yield from (run[at : at + 2] for at in range(len(run) - 1))
                yield from run
            else:
                yield run

    def stem(self, word):
        return word.lower()

    def word_filter(self, word):
        return True


languages["bigrams"] = Bigrams

extensions = ["myst_nb", "tools.lessons.term_links"]
course_language = SHOWN
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_merge_streams = True
nb_number_source_lines = False
nb_code_prompt_show = "code"
nb_code_prompt_hide = "code"
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
myst_heading_anchors = 3
myst_dmath_double_inline = True
suppress_warnings = ["myst.header", "myst.xref_missing", "mystnb.unknown_mime_type", "misc.highlighting_failure", "toc.not_included"]
mathjax_path = "tex-svg.js"
html_theme = "furo"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_search_language = "bigrams"
html_show_search_summary = False
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_context = {"shown": SHOWN, "languages": json.loads(os.environ["COURSE_SITE_NAMES"])}
html_sidebars = {"**": ["sidebar/brand.html", "sidebar/search.html", "sidebar/languages.html", "sidebar/scroll-start.html",
                        "sidebar/navigation.html", "sidebar/scroll-end.html"]}  # fmt: skip
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1d4f87", "color-brand-content": "#1d4f87"},
    "dark_css_variables": {"color-brand-primary": "#8ab8e8", "color-brand-content": "#8ab8e8"},
}
exclude_patterns = ["_build"]
