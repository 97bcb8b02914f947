"""What the class numbers mean: the 80 names of COCO in English and Chinese, and label map files (.pbtxt).

The numbers of COCO have gaps: it planned 91 kinds and published 80, numbered 1 ... 90. Networks that count from 0
without gaps and networks that keep COCO's own numbers are both about; confusing them shifts every name.

Source: T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context", 2014, and its annotation files.
"""

import re
from pathlib import Path

from google.protobuf import descriptor_pb2, message_factory, text_format

_COCO = """1 person 人;2 bicycle 腳踏車;3 car 汽車;4 motorcycle 機車;5 airplane 飛機;6 bus 公車;7 train 火車;8 truck 卡車;
9 boat 船;10 traffic light 紅綠燈;11 fire hydrant 消防栓;13 stop sign 停車標誌;14 parking meter 停車計時器;15 bench 長椅;
16 bird 鳥;17 cat 貓;18 dog 狗;19 horse 馬;20 sheep 羊;21 cow 牛;22 elephant 大象;23 bear 熊;24 zebra 斑馬;25 giraffe 長頸鹿;
27 backpack 背包;28 umbrella 雨傘;31 handbag 手提包;32 tie 領帶;33 suitcase 行李箱;34 frisbee 飛盤;35 skis 滑雪板;
36 snowboard 單板滑雪板;37 sports ball 球;38 kite 風箏;39 baseball bat 球棒;40 baseball glove 棒球手套;41 skateboard 滑板;
42 surfboard 衝浪板;43 tennis racket 網球拍;44 bottle 瓶子;46 wine glass 酒杯;47 cup 杯子;48 fork 叉子;49 knife 刀子;
50 spoon 湯匙;51 bowl 碗;52 banana 香蕉;53 apple 蘋果;54 sandwich 三明治;55 orange 柳橙;56 broccoli 花椰菜;57 carrot 紅蘿蔔;
58 hot dog 熱狗;59 pizza 披薩;60 donut 甜甜圈;61 cake 蛋糕;62 chair 椅子;63 couch 沙發;64 potted plant 盆栽;65 bed 床;
67 dining table 餐桌;70 toilet 馬桶;72 tv 電視;73 laptop 筆記型電腦;74 mouse 滑鼠;75 remote 遙控器;76 keyboard 鍵盤;
77 cell phone 手機;78 microwave 微波爐;79 oven 烤箱;80 toaster 烤麵包機;81 sink 水槽;82 refrigerator 冰箱;84 book 書;
85 clock 時鐘;86 vase 花瓶;87 scissors 剪刀;88 teddy bear 泰迪熊;89 hair drier 吹風機;90 toothbrush 牙刷"""
_ROWS = [re.fullmatch(r"(\d+) (.+) (\S+)", row.strip()).groups() for row in _COCO.split(";")]

COCO_NAMES = tuple(english for _, english, _ in _ROWS)
COCO_IDS = tuple(int(number) for number, _, _ in _ROWS)  # COCO's own numbers, in the order of COCO_NAMES
CHINESE = {english: chinese for _, english, chinese in _ROWS}

# What object_detection/protos/string_int_label_map.proto says of the fields that are read here.
_PROTO = text_format.Parse("""
    name: "label_map.proto"
    message_type { name: "LabelMap"
        field { name: "item" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: "Item" } }
    message_type { name: "Item"
        field { name: "name" number: 1 type: TYPE_STRING }
        field { name: "id" number: 2 type: TYPE_INT32 }
        field { name: "display_name" number: 3 type: TYPE_STRING } }
""", descriptor_pb2.FileDescriptorProto())
_LabelMap = message_factory.GetMessages([_PROTO])["LabelMap"]


class LabelMapError(ValueError):
    """A label map file is missing or malformed; the message says where and what to do."""


def coco_label_map() -> dict[int, str]:
    """Return COCO's own numbers (1 ... 90, with gaps) and their English names, for models that come without a map."""
    return dict(zip(COCO_IDS, COCO_NAMES, strict=True))


def read_label_map(path) -> dict[int, str]:
    """Read a label map in the text format of TensorFlow's Object Detection API.

    An item is `item { id: 1 name: "/m/01g317" display_name: "person" }`; the display name is preferred.

    Returns:
        Class number (at least 1) to name, in the order of the file.

    Raises:
        LabelMapError: if the file is missing, is no such map, or two items have one number.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LabelMapError(f"There is no label map {path}. Without one, use labels.coco_label_map().") from None
    except UnicodeDecodeError as error:
        raise LabelMapError(f"{path} is not UTF-8 text (byte {error.start}). Is it a .pbtxt file?") from None
    try:
        items = text_format.Parse(text, _LabelMap(), allow_unknown_field=True).item
    except text_format.ParseError as error:  # which says line and column
        raise LabelMapError(f"{path} is no label map, or is truncated: {error}") from None
    names: dict[int, str] = {}
    for number, item in enumerate(items, start=1):
        name = item.display_name or item.name
        if not (item.HasField("id") and name):
            fields = ", ".join(field.name for field, _ in item.ListFields()) or "nothing"
            raise LabelMapError(f"{path}: item {number} needs an id and a name; it has {fields}.")
        if item.id < 1:
            raise LabelMapError(f"{path}: item {number} ({name}) has the id {item.id}; ids start at 1, as 0 is "
                                "the background.")
        if item.id in names:
            raise LabelMapError(f"{path}: {names[item.id]!r} and {name!r} both have the id {item.id}. "
                                "Give every class a number of its own.")
        names[item.id] = name
    if not names:
        raise LabelMapError(f"{path} has no items. Expected: item {{ id: 1 name: \"person\" }}.")
    return names


def chinese(name: str) -> str:
    """Return the Chinese name of a COCO class; any other name is returned as it is."""
    if not isinstance(name, str):
        raise TypeError(f"Expected the name of a class, such as 'cat', found {type(name).__name__}. For several, call it on each of them.")
    return CHINESE.get(name, name)
