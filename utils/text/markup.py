"""What a reader sees of HTML and of MediaWiki markup."""

import html
import re


def check_text(value, caller: str) -> str:
    """Return `value` if it is a string, else raise a TypeError that names the caller and says what to do."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        raise TypeError(f"{caller}() needs a str, not {type(value).__name__}: decode it first, "
                        "for example value.decode('utf-8').")
    raise TypeError(f"{caller}() needs one str, not {type(value).__name__}: for several texts, "
                    "call it on each of them.")


_TAG_NAME = r"""</?(?:(?P<inline>a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nowiki|q
    |ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)(?=[\s/>])|[a-z])"""
_HTML_MARKUP = re.compile(
    rf"""<!--(?:>|->|.*?(?:--!?>|\Z))
      | <(?P<unseen>script|style|template|title)(?=[\s/>]).*?(?:</(?P=unseen)(?=[\s/>])[^>]*(?:>|\Z)|\Z)
      | <[!?][^>]*(?:>|\Z)
      | {_TAG_NAME} (?:[^>=]|=\s*(?:"[^"]*"|'[^']*')|=)*+ (?:>|\Z)
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def _space_or_nothing(markup: re.Match) -> str:
    return "" if markup["inline"] else " "


def strip_html(text: str) -> str:
    """Return the text that a browser would show: no tags, entities decoded, white space collapsed.

    Comments and the content of `script`, `style`, `template` and `title` are dropped. `<br>` and every other
    tag that breaks a line becomes a space; tags inside a line vanish, so `<b>un</b>do` is `undo`. A `<` that
    opens no tag (`I <3 it`, `a < b`) is text. Malformed markup never raises: a tag, comment or script that
    is never closed is dropped with all that follows it; a quote that is never closed ends at the next `>`.

    The rules follow the tokeniser of the HTML standard (WHATWG HTML, section 13.2.5). They are written out
    because `html.parser` treats malformed markup differently from one Python release to the next.

    Raises:
        TypeError: if `text` is not a string.
    """
    visible = _HTML_MARKUP.sub(_space_or_nothing, check_text(text, "strip_html"))
    return " ".join(html.unescape(visible).split())


_WIKI_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<name>ref|math|chem|score|hiero|timeline|imagemap|graph|templatedata)\b"
    r"""(?:[^>"]|"[^"]*")*+(?:(?<=/)>|>(?:(?!<(?P=name)\b).)*?</(?P=name)\s*>)"""
    r"|__[A-Z]{3,}__",
    re.DOTALL | re.IGNORECASE,
)
_WIKI_GALLERY = re.compile(r"<gallery\b[^>]*>(.*?)</gallery\s*>", re.DOTALL | re.IGNORECASE)
_WIKI_TAG = re.compile(rf"{_TAG_NAME} [^<>]*>", re.IGNORECASE | re.VERBOSE)
_WIKI_URL = re.compile(
    r"""\[?(?:(?:https?|ftps?|irc|news)://|mailto:)[^\s<>\[\]{}|"]*|\[//[^\s<>\[\]{}|"]*""", re.IGNORECASE
)
_WIKI_LINK = re.compile(r"\[\[((?:[^\[\]]|\[[^\[\]]*\](?!\]))*+)\]\]")
_WIKI_FILE = re.compile(r"\s*(?:file|image|media)\s*:", re.IGNORECASE)
_WIKI_OTHER_LANGUAGE = re.compile(r"\s*[a-z]{2,3}(?:-[a-z-]+)?\s*:")
_WIKI_CATEGORY = re.compile(r"\s*category\s*:", re.IGNORECASE)
_WIKI_FILE_OPTION = re.compile(
    r"\s*(?:thumb(?:nail)?|frame(?:d|less)?|border|left|right|cent(?:er|re)|none|baseline|sub|super|(?:text-)?top"
    r"|middle|(?:text-)?bottom|upright|\d*(?:x\d+)?\s*px"
    r"|(?:alt|link|page|lang|class|upright|thumb|thumbtime|start|end)\s*=.*)\s*",
    re.IGNORECASE | re.DOTALL,
)


def _drop_braces(text: str) -> str:
    """Drop templates `{{...}}` and tables `{|...|}`, nested ones too; braces without a partner stay."""
    open_at, partner = [], {}
    for brace in re.finditer(r"[{}]", text):
        if brace[0] == "{":
            open_at.append(brace.start())
        elif open_at:
            partner[open_at.pop()] = brace.start()
    kept, position = [], 0
    for start, end in sorted(partner.items()):
        is_template = partner.get(start + 1) == end - 1
        is_table = text[start + 1] == "|" and text[end - 1] == "|"
        if start >= position and (is_template or is_table):
            kept += [text[position:start], " "]
            position = end + 1
    return "".join(kept) + text[position:]


def _gallery_captions(gallery: re.Match) -> str:
    """Return the captions of a gallery, which holds `file|caption` line by line."""
    return " ".join(["", *(line.partition("|")[2] for line in gallery[1].splitlines()), ""])


def _link_text(link: re.Match) -> str:
    """Return what a reader sees of the wiki link `[[target|text]]`."""
    target, bar, shown = link[1].partition("|")
    if _WIKI_FILE.match(target):
        captions = [option for option in shown.split("|") if not _WIKI_FILE_OPTION.fullmatch(option)]
        return f" {captions[-1]} " if captions else " "
    if _WIKI_CATEGORY.match(target):
        return f" {target.partition(':')[2]} "
    if not bar and _WIKI_OTHER_LANGUAGE.match(target):
        return " "
    return (shown or target).replace("|", " ")


def visible_wikitext(text: str) -> str:
    """Return the words of MediaWiki markup that a reader sees; white space and punctuation stay as they come.

    Templates, tables, references, formulas, comments, tags, addresses, links to other languages and the page
    of a redirect are dropped, nested ones included. Markup that is never closed stays, but a comment.

    Raises:
        TypeError: if `text` is not a string.
    """
    if re.match(r"\s*#redirect\b", check_text(text, "visible_wikitext"), re.IGNORECASE):
        return ""
    text = _drop_braces(_WIKI_UNSEEN.sub(" ", text))
    text = _WIKI_URL.sub(" ", _WIKI_GALLERY.sub(_gallery_captions, text))
    replaced = 1
    while replaced:  # the innermost links first: a caption may hold links
        text, replaced = _WIKI_LINK.subn(_link_text, text)
    return html.unescape(_WIKI_TAG.sub(_space_or_nothing, text))
