"""Chinese text: Simplified and Traditional, 注音, word segmentation, stop words."""

import re
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache

import opencc

from utils.text.markup import check_text

with warnings.catch_warnings():
    # jieba 0.42.1 imports pkg_resources where it finds it and holds invalid escape sequences; both only warn.
    warnings.simplefilter("ignore")
    import jieba

# Words of Taiwan that jieba's dictionary, made from Mainland texts, lacks or cuts apart.
_TAIWAN_WORDS = """
    臺灣大學 清華大學 交通大學 成功大學 師範大學 中央研究院 行政院 立法院 總統府 故宮博物院 健保卡 身分證
        國中 高中職 大學生
    捷運 捷運站 高鐵 臺鐵 悠遊卡 計程車 機車 腳踏車 公車站 便利商店 夜市 珍珠奶茶 豆漿 蛋餅 滷肉飯 牛肉麵
        鳳梨酥 小籠包 便當
    類神經網路 神經網路 深度學習 機器學習 人工智慧 自然語言處理 電腦視覺 強化學習 遷移學習 過度擬合 詞向量
        詞嵌入 語料庫
    資料科學 資料庫 資料集 資料夾 大數據 訓練集 測試集 驗證集 準確率 學習率 損失函式 激勵函式 超參數 參數
        梯度下降
    程式 程式碼 程式設計 程式設計師 程式語言 軟體 硬體 韌體 網路 網際網路 網站 網頁 滑鼠 鍵盤 螢幕 印表機
        隨身碟 硬碟
    記憶體 處理器 伺服器 作業系統 使用者 介面 檔案 字串 陣列 迴圈 變數 函式 物件 類別 型別 演算法 位元
        位元組 晶片
    影像 像素 影片 解析度 訊號 訊息 資訊 資訊工程 通訊 電郵 部落格 智慧型手機 行動電話 簡訊 預設 執行 品質
    卷積 池化 迴歸 分群 標籤 權重 矩陣 向量 張量 批次 遞迴式神經網路 卷積神經網路 長短期記憶 注意力機制
"""
_STOP_WORDS = """
    的 地 得 之 了 著 過 是 不是 就是 也是 還是 都是 為 為了 有 沒有 沒 無 非 不 未 別 勿
    我 你 您 妳 他 她 它 牠 祂 我們 你們 妳們 他們 她們 它們 咱們 自己 人家 大家 彼此 誰
    我的 你的 他的 她的 它的 我們的 你們的 他們的 自己的
    這 那 此 其 該 某 每 各 這個 那個 這些 那些 這裡 那裡 這兒 那兒 這樣 那樣 這麼 那麼 這種 那種 這是 那是
        每個 各種 某些 其他 其它 其中 之一 一些
    什麼 甚麼 怎麼 怎樣 如何 為何 為什麼 哪 哪個 哪些 哪裡 哪兒 幾 多少 何
    在 於 從 自 自從 由 由於 到 至 往 向 朝 對 對於 關於 至於 跟 和 與 同 及 以及 給 被 把 將 讓 使 叫 替 比
        按 按照 依 依照 根據 據 以 用 憑
    當 隨著 沿著 除 除了 除外 連 直到 之前 之後 以前 以後 以上 以下 之間 之中 之內 之外 時 時候 的時候
    而 而且 並 並且 且 或 或者 或是 但 但是 可是 然而 不過 只是 雖 雖然 儘管 即使 如果 假如 若 若是 要是
        只要 只有 除非 無論 不管 因 因為 因此 所以
    於是 則 那就 然後 接著 既 既然 不但 不僅 反而 否則 此外 另外 例如 比如 譬如 即 也就是說 換句話說
    就 才 都 也 又 還 再 更 最 很 太 非常 十分 相當 比較 較 極 挺 蠻 真 真的 頗 只 僅 僅僅 已 已經 曾 曾經
        正 正在 剛 剛剛 將要 仍 仍然 依然 常 常常 經常
    總 總是 一直 一定 必須 可能 也許 大概 或許 幾乎 似乎 好像 其實 當然 果然 居然 竟然 甚至 尤其 特別 究竟
        到底 終於 一起 一同 一樣 互相 分別
    能 能夠 可 可以 會 要 應 應該 應當 該當 得以 想 想要 肯 敢 需 需要 來 去 上 下 裡 中 內 外 前 後 左
        右 起 起來 出 出來 進 進來 上去 下去 下來 過來 過去
    嗎 呢 吧 啊 呀 喔 哦 噢 唷 喲 啦 咧 嘛 耶 欸 唉 哎 哇 嗯 呵 哈 罷了 而已 似的 般 一般
    個 們 些 點 次 種 件 位 隻 條 張 本 件事 等 等等 所 者 第 一 二 兩 三 一個 兩個 一種 一次 一下 一點
"""
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+")
_BEYOND_OPENCC = re.compile("([\0\ud800-\udfff]+)")


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def _convert(text: str, config: str) -> str:
    """Convert by OpenCC, and pass on what it cannot carry: it stops at a NUL and refuses lone surrogates."""
    pieces = _BEYOND_OPENCC.split(text)
    pieces[::2] = [_converter(config).convert(piece) if piece else "" for piece in pieces[::2]]
    return "".join(pieces)


def is_simplified(character: str) -> bool:
    """Return whether a character belongs to Simplified script alone: OpenCC changes it, and in Taiwan it is not in common use.

    Common use: the first level of Big5, 5,401 characters. 后, 干 and 余, which both scripts write, belong to neither alone.
    """
    return _belongs_to_one_script(character, "s2t", "big5", b"\xa4\x40", b"\xc6\x7e")


def is_traditional(character: str) -> bool:
    """Return whether a character belongs to Traditional script alone: OpenCC changes it, and the Mainland's GB 2312 lacks it."""
    return _belongs_to_one_script(character, "t2s", "gb2312", b"\xb0\xa1", b"\xf7\xfe")


@cache
def _belongs_to_one_script(character: str, config: str, others: str, first: bytes, last: bytes) -> bool:
    """Whether OpenCC changes a character that is not from `first` to `last` in the encoding of those with the other script."""
    if not isinstance(character, str) or len(character) != 1:
        raise ValueError(f"Expected one character, found {character!r:.40}. Ask for each of a text.")
    return not first <= character.encode(others, "ignore") <= last and _convert(character, config) != character


def to_traditional(text: str) -> str:
    """Return Simplified Chinese as Traditional Chinese with the words of Taiwan: 软件 becomes 軟體.

    Whole phrases are looked up before single characters (OpenCC, configuration s2twp), so 头发, 出发 and 皇后
    come out as 頭髮, 出發 and 皇后. The length may change. Anything that is not Chinese stays as it is.

    Sentences that are Traditional already stay, too: 岳飛 and 干將 would become 嶽飛 and 幹將. A sentence is Simplified if most
    of its characters that belong to one script alone do. If it has none, or as many of each, the whole text decides; a text
    without any stays as it is, such as 余曰, 干部 and 信息 alone. So give lists of words as one text, one word a line.

    Raises:
        TypeError: if `text` is not a string.
    """
    sentences = _SENTENCE.findall(check_text(text, "to_traditional"))
    leanings = [sum(map(is_simplified, sentence)) - sum(map(is_traditional, sentence)) for sentence in sentences]
    mostly = sum(leanings) or sum(map(is_simplified, text))
    return "".join(_convert(sentence, "s2twp") if (own or mostly) > 0 else sentence
                   for sentence, own in zip(sentences, leanings, strict=True))


def to_simplified(text: str) -> str:
    """Return Traditional Chinese as Simplified Chinese with the words of the Mainland: 軟體 becomes 软件.

    OpenCC's configuration tw2sp. Back and forth is not exact, since several Traditional characters share a
    Simplified one: 頭髮 and 出發 are 头发 and 出发.

    Raises:
        TypeError: if `text` is not a string.
    """
    return _convert(check_text(text, "to_simplified"), "tw2sp")


def _letter_by_letter(text: str) -> str:
    """Return `text` in Simplified characters, exactly as long as before; words are not exchanged."""
    simplified = _convert(text, "t2s")
    if len(simplified) == len(text):
        return simplified
    return "".join(_convert(character, "t2s")[:1] or character for character in text)


def zhuyin(runs: Iterable[str]) -> list[list[str]]:
    """Return the 注音 of each character of each run of Chinese characters: 音樂 is ㄧㄣ, ㄩㄝˋ, and 快樂 is ㄎㄨㄞˋ, ㄌㄜˋ.

    The first tone has no sign, the neutral one a dot in front: ˙ㄉㄜ. Readings are those of pypinyin, found by its phrases, which
    are Simplified: so are the runs while they are looked up. Some differ from Taiwan's, such as 研究 (ㄐㄧㄡ, not ㄐㄧㄡˋ).

    Raises:
        TypeError: if `runs` is one text.
        ValueError: if a run is empty or holds something else than Chinese characters with a reading.
    """
    import pypinyin  # takes a second to load

    if isinstance(runs, str):
        raise TypeError(f"zhuyin takes a list of texts, not a text: write zhuyin([{runs!r}]).")
    runs, found = list(runs), []
    if not runs:
        return []
    for run, simplified in zip(runs, _letter_by_letter("\n".join(runs)).split("\n"), strict=True):
        readings = pypinyin.lazy_pinyin(simplified, style=pypinyin.Style.BOPOMOFO, errors=lambda _: [""])
        if not run or len(readings) != len(run) or not all(readings):
            raise ValueError(f"{run!r} is no run of Chinese characters. Cut other signs out first, such as by "
                             "re.findall('[一-鿿]+', text).")
        found.append([f"˙{reading[:-1]}" if reading[-1] == "˙" else reading for reading in readings])
    return found


@cache
def _dictionary() -> tuple[dict[str, int], int]:
    """Return jieba's words with their frequencies, and the sum of these.

    They are read from the package. The cache file that jieba would leave in the folder for temporary files
    belongs to whoever came first, is loaded unchecked, and saves no time.
    """
    plain = jieba.Tokenizer()
    return plain.gen_pfdict(plain.get_dict_file())


@lru_cache(maxsize=8)
def _tokenizer(words: frozenset[str]) -> jieba.Tokenizer:
    frequencies, total = _dictionary()
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = dict(frequencies), total, True
    for word in sorted(_letter_by_letter(word) for word in taiwan_words() | words):
        # The suggested frequency holds a word together alone; between neighbours it needs to be a common one.
        tokenizer.add_word(word, max(tokenizer.suggest_freq(word), 1_000))
    return tokenizer


def segment(text: str, words: Iterable[str] = (), discover: bool = True) -> list[str]:
    """Cut Chinese text into words; joined again they are exactly `text`.

    jieba knows Simplified Chinese, so the text is turned into Simplified characters one for one, cut there,
    and the cuts are carried over: 臺灣大學 stays one word where plain jieba cuts 臺 off. Punctuation, spaces
    and emoji come out as tokens of their own; those that are no word have `word.isalnum()` false.

    Args:
        text: Traditional or Simplified, also mixed with other scripts.
        words: further words to keep whole, such as names; matched in either script.
        discover: let jieba's hidden Markov model join characters to words that are in no dictionary.

    Raises:
        TypeError: if `text` is not a string, or `words` is one.
        ValueError: if one of `words` is empty or holds a character at which jieba always cuts, as a space is.
    """
    check_text(text, "segment")
    if isinstance(words, str):
        raise TypeError(f"words is a list of words, not a str: write words=[{words!r}].")
    words = frozenset(words)
    for word in words:
        if not jieba.re_han_default.fullmatch(check_text(word, "segment")):
            raise ValueError(f"{word!r} cannot be kept whole: jieba cuts at spaces, punctuation and emoji. "
                             "Give words of Chinese characters, letters and digits.")
    tokens, position = [], 0
    for piece in _tokenizer(words).cut(_letter_by_letter(text), HMM=discover):
        tokens.append(text[position : position + len(piece)])
        position += len(piece)
    return tokens


def segment_plainly(text: str) -> list[str]:
    """Cut text with jieba as it comes, without any care for Traditional Chinese: for comparison with `segment`.

    Raises:
        TypeError: if `text` is not a string.
    """
    tokenizer = jieba.Tokenizer()
    (tokenizer.FREQ, tokenizer.total), tokenizer.initialized = _dictionary(), True
    return tokenizer.lcut(check_text(text, "segment_plainly"))


@cache
def taiwan_words() -> frozenset[str]:
    """Return the words of Taiwan that `segment` adds to jieba's dictionary, in Traditional characters."""
    return frozenset(_TAIWAN_WORDS.split())


@cache
def stop_words() -> frozenset[str]:
    """Return Chinese function words in Traditional characters: particles, pronouns, prepositions ...

    The list is short and our own. It holds 不, 沒有 and 未, so it does harm where meaning hangs on them.
    """
    return frozenset(_STOP_WORDS.split())
