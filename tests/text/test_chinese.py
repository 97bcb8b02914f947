"""Chinese text: conversion, segmentation, stop words."""

import os
import subprocess
import sys

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data import datasets
from utils.text import chinese

LONE_SURROGATE = "\ud800"
LETTERS = "臺灣大學捷運類神經網路軟體頭髮后後裡里台湾发网络，。 \n\0a1😀" + LONE_SURROGATE
CHINESE = st.text(st.sampled_from(LETTERS), max_size=40)
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
PAIRS = [("台湾", "臺灣"), ("头发", "頭髮"), ("公里", "公里"), ("皇后", "皇后"), ("干部", "幹部"),
         ("出发", "出發"), ("软件", "軟體"), ("信息", "資訊"), ("鼠标", "滑鼠"), ("数据库", "資料庫"),
         ("网络", "網路")]


def test_words_convert_both_ways():
    simplified, traditional = zip(*PAIRS, strict=True)
    assert chinese.to_traditional("\n".join(simplified)).split("\n") == list(traditional)
    assert [chinese.to_simplified(word) for word in traditional] == list(simplified)


@pytest.mark.parametrize("sentence", [
    "皇后在後面的公里路上剪頭髮，然後出發去臺灣。",
    "這位幹部用滑鼠點開資料庫，乾杯慶祝軟體完成。",
    "他的頭髮很短，麵條和麵包都吃完了。",
])
def test_sentences_come_back_from_simplified(sentence):
    assert chinese.to_traditional(chinese.to_simplified(sentence)) == sentence


# Sentences of 三國演義 (chapters 1, 2, 9, 11, 29, 35, 113), each with a character that OpenCC takes for a Simplified one.
@pytest.mark.parametrize("traditional", [
    "岳飛", "干將莫邪", "余曰：不可", "干部", "信息", "皇后",
    "張角正殺敗董卓，乘勢赴來，忽遇三人衝殺，角軍大亂，敗走五十餘里。",
    "昔呂后因握重權，宗族千口皆被戮。",
    "英氣連霄漢，忠誠貫斗牛。",
    "今曹操征東，兗州空虛；",
    "當下周瑜哭拜於孫策靈柩之前。",
    "若孫乾、糜竺輩，乃白面書生，非經綸濟世之才也。",
    "正是：樂毅伐齊遭間阻，岳飛破敵被讒回。",
])
def test_what_is_traditional_already_is_left_alone(traditional):
    assert chinese.to_traditional(traditional) == traditional


@pytest.mark.parametrize(("simplified", "traditional"), [
    ("话说天下大势，分久必合，合久必分。", "話說天下大勢，分久必合，合久必分。"),
    ("诸葛亮借荆州。干部在后面。", "諸葛亮借荊州。幹部在後面。"),  # the second sentence tells nothing by itself
    ("干部在后面。诸葛亮借荆州。", "幹部在後面。諸葛亮借荊州。"),
    ("杀刘璝者，孟优也。", "殺劉璝者，孟優也。"),  # 璝 is in Traditional script alone, 刘 and 优 in the other
    ("刘璝", "劉璝"),
    ("岳飛是忠臣。他们的头发长了。", "岳飛是忠臣。他們的頭髮長了。"),  # sentence by sentence
    ("他们的头发。余曰：「雲長與翼德皆萬人敵也，飛之勇亦然。」", "他們的頭髮。余曰：「雲長與翼德皆萬人敵也，飛之勇亦然。」"),
])
def test_sentences_are_converted_by_the_script_that_they_are_in(simplified, traditional):
    assert chinese.to_traditional(simplified) == traditional


def test_a_novel_converted_once_stays_as_it_is():
    chapters, _ = datasets.load_three_kingdoms()
    converted = [chinese.to_traditional(chapter) for chapter in chapters]
    assert [chinese.to_traditional(chapter) for chapter in converted] == converted
    by_opencc = opencc.OpenCC("s2twp")  # which takes all of a Simplified novel for Simplified, and is right
    assert converted == [by_opencc.convert(chapter) for chapter in chapters]


@given(CHINESE | ANY_TEXT)
def test_text_made_traditional_twice_is_made_so_once(text):
    once = chinese.to_traditional(text)
    assert chinese.to_traditional(once) == once


def test_characters_of_both_scripts_belong_to_neither_alone():
    assert [c for c in "头发们机优飛將后干余岳里于a。" if chinese.is_simplified(c)] == list("头发们机优")
    assert [c for c in "头发们机优飛將后干余岳里于a。" if chinese.is_traditional(c)] == list("飛將")


@pytest.mark.parametrize("convert", [chinese.to_traditional, chinese.to_simplified])
@pytest.mark.parametrize(
    "unchanged", ["", " \r\n", "?!。", "Hello, café 123", "😀🇹🇼", LONE_SURROGATE, "\0", "\ufeff"]
)
def test_what_is_not_chinese_stays(convert, unchanged):
    assert convert(unchanged) == unchanged


def test_nothing_is_lost_at_characters_that_opencc_cannot_carry():
    assert chinese.to_traditional(f"头\0发{LONE_SURROGATE}台湾") == f"頭\0發{LONE_SURROGATE}臺灣"


@given(CHINESE)
def test_text_simplified_twice_is_simplified_once(text):
    once = chinese.to_simplified(text)
    assert chinese.to_simplified(once) == once


@pytest.mark.parametrize(("sentence", "expected"), [
    ("臺灣大學的學生搭捷運去上類神經網路的課", "臺灣大學 的 學生 搭 捷運 去 上 類神經網路 的 課"),
    ("台北捷運的悠遊卡很方便", "台北 捷運 的 悠遊卡 很 方便"),
    ("我在國立臺灣大學念資訊工程", "我 在 國立 臺灣大學 念 資訊工程"),
    ("我們用迴圈訓練神經網路", "我們 用 迴圈 訓練 神經網路"),
    ("他用滑鼠點開資料庫裡的檔案", "他 用 滑鼠 點開 資料庫 裡 的 檔案"),
    ("自然語言處理需要語料庫", "自然語言處理 需要 語料庫"),
    ("不過程式設計的過程式樣很多", "不過 程式設計 的 過程 式樣 很多"),
    ("皇后與公主把頭髮剪短了", "皇后 與 公主 把 頭髮 剪短 了"),
    ("台湾大学的学生搭捷运", "台湾大学 的 学生 搭 捷运"),
    ("GPU加速3D繪圖，好快！😀", "GPU 加速 3D 繪圖 ， 好快 ！ 😀"),
])
def test_sentences_of_taiwan_are_cut_into_words(sentence, expected):
    assert chinese.segment(sentence) == expected.split()


@pytest.mark.parametrize("word", ["臺灣大學", "台灣大學", "捷運", "神經網路", "類神經網路"])
@pytest.mark.parametrize("sentence", ["{}", "這是{}。", "我很喜歡{}這個詞", "關於{}的新聞，看了", "上{}課"])
def test_words_of_taiwan_stay_whole_between_neighbours(word, sentence):
    assert word in chinese.segment(sentence.format(word))


def test_every_added_word_stays_whole_alone():
    words = chinese.taiwan_words()
    assert [word for word in words if chinese.segment(word) != [word]] == []
    assert len(words) == len(chinese._TAIWAN_WORDS.split())  # none stands there twice


def test_given_words_stay_whole_for_that_call_only():
    sentence = "曹操與劉備煮酒論英雄"
    assert "煮酒論英雄" in chinese.segment(sentence, words=["煮酒論英雄"])
    assert "煮酒論英雄" in chinese.segment(sentence, words={"煮酒论英雄"})
    assert "煮酒論英雄" not in chinese.segment(sentence)


def test_unknown_names_are_joined_only_when_asked_to_discover():
    assert chinese.segment("杭研大廈", discover=True) == ["杭研", "大廈"]
    assert chinese.segment("杭研大廈", discover=False) == ["杭", "研", "大廈"]


def test_plain_jieba_cuts_traditional_words_apart():
    assert chinese.segment("臺灣大學") == ["臺灣大學"]
    assert chinese.segment_plainly("臺灣大學") == ["臺", "灣大學"]


@given(CHINESE | ANY_TEXT, st.booleans())
def test_tokens_join_to_exactly_the_text(text, discover):
    tokens = chinese.segment(text, discover=discover)
    assert "".join(tokens) == text
    assert all(tokens)


@given(CHINESE)
def test_both_scripts_are_cut_at_the_same_places(text):
    def lengths(tokens):
        return [len(token) for token in tokens]
    assert lengths(chinese.segment(chinese._letter_by_letter(text))) == lengths(chinese.segment(text))


@pytest.mark.parametrize(("text", "tokens"), [
    ("", []), ("。", ["。"]), ("，。！", ["，", "。", "！"]), ("  ", [" ", " "]), ("hello", ["hello"]),
    ("👨‍👩‍👧", ["👨", "\u200d", "👩", "\u200d", "👧"]), (LONE_SURROGATE, [LONE_SURROGATE]),
])
def test_odd_texts_have_a_defined_result(text, tokens):
    assert chinese.segment(text) == tokens


@pytest.mark.parametrize(("words", "error", "message"), [
    ("臺灣", TypeError, r"words is a list of words, not a str: write words=\['臺灣'\]"),
    (["New York"], ValueError, "'New York' cannot be kept whole: jieba cuts at spaces"),
    ([""], ValueError, "'' cannot be kept whole"),
    (["好，"], ValueError, "'好，' cannot be kept whole"),
    ([7], TypeError, r"segment\(\) needs one str, not int"),
])
def test_words_that_cannot_be_kept_whole_are_refused(words, error, message):
    with pytest.raises(error, match=message):
        chinese.segment("臺灣", words=words)


def test_first_import_and_segmentation_are_silent_and_leave_no_cache_file(tmp_path):
    code = "from utils.text import chinese; print(chinese.segment('臺灣大學'))"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path), "PYTHONUTF8": "1",
                   "PYTHONPYCACHEPREFIX": str(tmp_path / "none"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment,
                         capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "['臺灣大學']\n"
    assert list(tmp_path.iterdir()) == []


def test_stop_words_are_function_words_in_traditional_characters():
    stop = chinese.stop_words()
    assert {"的", "了", "是", "在", "我們", "不", "沒有", "因為"} <= stop
    assert not stop & {"臺灣", "電影", "老師", "好", "大"}
    assert [word for word in stop if chinese.to_traditional(word) != word] == []
    assert all(word.isalpha() for word in stop)


@pytest.mark.parametrize("run, readings", [
    ("音樂", "ㄧㄣ ㄩㄝˋ"), ("快樂", "ㄎㄨㄞˋ ㄌㄜˋ"), ("銀行", "ㄧㄣˊ ㄏㄤˊ"), ("行動", "ㄒㄧㄥˊ ㄉㄨㄥˋ"), ("長度", "ㄔㄤˊ ㄉㄨˋ"),
    ("還原", "ㄏㄨㄢˊ ㄩㄢˊ"), ("我的", "ㄨㄛˇ ˙ㄉㄜ"), ("裝置已經設定完成", "ㄓㄨㄤ ㄓˋ ㄧˇ ㄐㄧㄥ ㄕㄜˋ ㄉㄧㄥˋ ㄨㄢˊ ㄔㄥˊ"),
])  # fmt: skip
def test_zhuyin_is_read_by_the_neighbours(run, readings):
    assert chinese.zhuyin([run]) == [readings.split()]


def test_zhuyin_of_a_run_does_not_depend_on_the_runs_beside_it():
    runs = ["音樂", "快", "樂", "銀行"]
    assert chinese.zhuyin(runs) == [chinese.zhuyin([run])[0] for run in runs]
    assert chinese.zhuyin([]) == []


@pytest.mark.parametrize("run", ["", "Hue", "開門。", "開 門", "1", "😀", "ㄅ", "開\n門", "𠮷", LONE_SURROGATE])
def test_zhuyin_refuses_what_has_no_reading_and_one_text(run):
    with pytest.raises(ValueError, match="is no run of Chinese characters. Cut other signs out first"):
        chinese.zhuyin(["開門", run])
    with pytest.raises(TypeError, match=r"takes a list of texts, not a text: write zhuyin\(\['開門'\]\)"):
        chinese.zhuyin("開門")
