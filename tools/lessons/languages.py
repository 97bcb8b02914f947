"""The languages and links of a markdown cell: both languages there, in the words of Taiwan, and no link dead."""

import re
from collections.abc import Iterator
from pathlib import Path

from utils.text import chinese

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’\-]*[ ,.:;]+(?:[^\u4e00-\u9fffA-Za-z]{0,12})[A-Za-z]")
NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|<[^>]+>|!?\[([^\]]*)\]\([^)]*\)|https?://\S+", re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
# Words of Mainland usage, and what is said in Taiwan. Only ones that cannot be part of another word here.
MAINLAND = {
    "軟件": "軟體", "硬件": "硬體", "網絡": "網路", "數據": "資料", "默認": "預設", "字符串": "字串", "循環神經": "遞迴式神經",
    "代碼": "程式碼", "運行": "執行", "內存": "記憶體", "優化器": "最佳化器", "信息": "資訊", "視頻": "影片", "圖像": "影像",
    "數組": "陣列", "鼠標": "滑鼠", "文件夾": "資料夾", "打印": "印出", "調用": "呼叫", "神經網絡": "類神經網路", "激活函數": "激勵函數",
    "過擬合": "過度擬合", "人工智能": "人工智慧", "智能": "智慧", "屏幕": "螢幕", "程序": "程式", "服務器": "伺服器", "用戶": "使用者",
    "緩存": "快取", "線程": "執行緒", "進程": "行程", "加載": "載入", "質量": "品質", "支持": "支援", "設置": "設定", "變量": "變數",
}  # fmt: skip


def prose(markdown: str) -> str:
    """Return markdown without code, formulas, tags, link targets and addresses."""
    return NOT_PROSE.sub(lambda match: match.group(1) or " ", markdown)


def language_findings(markdown: str) -> Iterator[str]:
    """Yield what is wrong with the languages of one markdown cell: one of two missing, or words not used in Taiwan."""
    text = prose(markdown)
    if not HAN.search(text):
        yield "no Chinese; write Traditional Chinese first, then English"
    if not ENGLISH.search(text):
        yield "no English; write Traditional Chinese first, then English"
    for word, here in MAINLAND.items():
        if word in text:
            yield f"{word} is not said in Taiwan; write {here}"


def simplified_findings(markdown: str) -> Iterator[str]:
    """Yield Simplified characters in prose (code spans may show them)."""
    found = sorted({character for character in prose(markdown) if chinese.is_simplified(character)})
    if found:
        yield f"Simplified characters {''.join(found)}; write Traditional ones, or put an example in `backticks`"


def link_findings(markdown: str, folder: Path) -> Iterator[str]:
    """Yield relative links whose target does not exist."""
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.S)
    for target in LINK.findall(without_code):
        if re.match(r"[a-z]+:|#|attachment:", target):
            continue
        if not (folder / target.split("#")[0]).exists():
            yield f"links to {target}, which does not exist"
