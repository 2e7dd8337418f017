#!/usr/bin/env python3
"""Makes assets/emoji: names and keywords of emoji in the languages that agents write, from the Unicode CLDR.

    npm pack cldr-annotations-full cldr-annotations-derived-full   # and unpack each into a folder of its own
    scripts/emoji-words.py FOLDER-OF-THE-FIRST FOLDER-OF-THE-SECOND

A file is a zlib stream of lines, in the order of the code points: the emoji without U+FE0F, a tab, its name, a tab, its
keywords with a bar between two. Keywords are folded as src/ui/emoji/fold.rs does it; a test holds the two together. What
the shipped font does not draw is left out. Needs fontTools.
"""

import json
import pathlib
import shutil
import sys
import unicodedata
import zlib

from fontTools.ttLib import TTFont

LANGUAGES = (
    "ar bn cs da de el en es fa fi fr he hi hu id it ja ko ms nl no pl pt ro ru sv th tr uk ur vi zh zh-Hant".split()
)
ASSETS = pathlib.Path(__file__).parent.parent / "assets"
SELECTOR, TONES = "\ufe0f", {chr(tone) for tone in range(0x1F3FB, 0x1F400)}
# Vowel signs of Hebrew and Arabic, and accents.
LEFT_OUT = [(0x300, 0x36F), (0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C7), (0x640, 0x640), (0x64B, 0x652)]
ALIKE = str.maketrans({"ı": "i", "đ": "d", "ł": "l", "ø": "o"})


def is_left_out(c):
    # Of what can't be seen, CLDR has only format characters.
    return unicodedata.category(c) == "Cf" or any(first <= ord(c) <= last for first, last in LEFT_OUT)


def folded(text):
    apart = unicodedata.normalize("NFKD", text)
    kept = (c for c in apart if not is_left_out(c))
    # Letter by letter, so that a sigma at the end is like any other.
    lower = "".join(c.lower() for c in kept).translate(ALIKE)
    return " ".join(lower.split())


def annotations(folder, kind, language):
    path = folder / kind / language / "annotations.json"
    return json.loads(path.read_text())[kind]["annotations"] if path.exists() else {}


def main(full, derived):
    drawn = set(TTFont(ASSETS / "fonts" / "NotoColorEmoji-COLR.ttf").getBestCmap())
    out = ASSETS / "emoji"
    out.mkdir(exist_ok=True)
    shutil.copy(full / "LICENSE", out / "CLDR-Unicode-3.0.txt")
    for language in LANGUAGES:
        known = annotations(derived, "annotationsDerived", language) | annotations(full, "annotations", language)
        lines = {}
        for emoji, words in known.items():
            emoji = emoji.replace(SELECTOR, "")
            if "tts" not in words or TONES & set(emoji) or not all(ord(c) in drawn for c in emoji):
                continue
            keywords = dict.fromkeys(folded(word) for word in words.get("default", []))
            lines[emoji] = "\t".join([emoji, words["tts"][0], "|".join(filter(None, keywords))])
        text = "\n".join(lines[emoji] for emoji in sorted(lines)) + "\n"
        (out / f"{language}.z").write_bytes(zlib.compress(text.encode(), 9))


if __name__ == "__main__":
    main(*(pathlib.Path(folder) for folder in sys.argv[1:3]))
