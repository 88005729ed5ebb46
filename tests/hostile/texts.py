"""Texts that want to be markup, links, formulas, commands; and how to see that one of them became what it wants."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

EVIL: Final = "evil.example"
TEXTS: Final[dict[str, str]] = {
    "script": "<script>window.hurt=1</script>",
    "image": '<img src=x onerror="window.hurt=2">',
    "vector": '"><svg/onload=window.hurt=3>',
    "link": f"[bấm vào đây](https://{EVIL}/a) ![ảnh](https://{EVIL}/b.png)",
    "address": f"https://{EVIL}/c www.{EVIL}/d ai@{EVIL}",
    "scheme": "[x](javascript:window.hurt=4)",
    "markdown": "**đậm** _nghiêng_ `mã` ~~gạch~~ | a | b |",
    "heading": "# Tiêu đề lớn",
    "list": "- hai",
    "numbered": "1. một",
    "quoted": "> trích",
    "directives": ":material/alarm: :red[đỏ] :rainbow[vui] :small[nhỏ] :streamlit:",
    "latex": "$x^2$ $$E=mc^2$$",
    "command": "=cmd|'/c calc'!A1",
    "sum": "=1+1",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1;2)",
    "typst": '#panic("x") *sao* _gạch_ $a$ @nhan \\ [ô] <nhan> `x` // bỏ /* hết */',
    "slot": "[[stock]] [[due.rate]]",
    "turned": "xuôi \u202egược\u202c \u200fphải \u2066tách\u2069",
    "decomposed": unicodedata.normalize("NFD", "Đăng ký quyền sử dụng đất"),
    "joined": "vô\u200bhình\ufeff",
    "faces": "hồ sơ 🧾 👩‍👩‍👧‍👦 🇻🇳",
    "quotes": "'\"`; DROP TABLE dossiers; --",
    "template": "${7*7} {{7*7}} {0} %s %(x)s",
    "entity": "&lt;b&gt; &amp; &#x3c;i&#x3e;",
    "lines": "một\nhai\r\nba\tbốn\u2028năm",
    "nothing": "không\x00 có\x07 gì",
    "long": "dài " * 2_500,
}
#: What must not stand in Markdown unless a backslash stands before it.
_MARKUP: Final = (
    "<script", "<img", "<svg", "<i>", f"](https://{EVIL}", f"://{EVIL}", f"www.{EVIL}", f"ai@{EVIL}", "](javascript:",
    "**đậm", "_nghiêng", "`mã", "~~gạch", ":material/alarm:", ":red[đỏ", ":rainbow[", ":small[nhỏ", ":streamlit:",
    "$x^2$", "$$E=", "*sao*", "&lt;b", "&#x3c;",
)  # fmt: skip
_DANGER: Final = re.compile("|".join(rf"(?<!\\){re.escape(text)}" for text in _MARKUP))
_BEGINS: Final = re.compile(r"(?m)^\s*(?:#+ Tiêu đề|- hai|1\. một|> trích)")
#: Tags that a chart or our own HTML would obey.
_TAGS: Final = re.compile(r"<(?:script|img|svg|i>|nhan)|<a [^>]*href=(?![\"']?(?:/[^/]|#))", re.IGNORECASE)


def dangers(markdown: str) -> list[str]:
    """Give what a Markdown text would do beside being read."""
    return [found[0] for found in (*_DANGER.finditer(markdown), *_BEGINS.finditer(markdown))]


def tags(html: str) -> list[str]:
    """Give the elements that an HTML text, or a text of a chart, would make."""
    return [found[0] for found in _TAGS.finditer(html)]
