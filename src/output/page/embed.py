#!/usr/bin/env python3
"""Puts the page's style and scripts into the program, as C; and the Content-Security-Policy that lets in just these.

embed.py OUTPUT.c FILE...: styles become one and scripts become one, in this order; but for start.js, which runs first.
"""

import base64
import hashlib
import pathlib
import sys


def read(path):
    """What may stand in a style or script element as it is, and in C as numbers of a char; without indentation."""
    content = b"".join(line.lstrip(b"\t") for line in pathlib.Path(path).read_bytes().splitlines(keepends=True))
    if not content.isascii() or any(byte < 0x20 and byte != 0x0a for byte in content):
        sys.exit(f"{path}: only ASCII and line feeds may stand here")
    lower = content.lower()
    for mark in (b"</style", b"</script", b"<!--", b"<script"):
        if mark in lower:
            sys.exit(f"{path}: {mark.decode()} would end the element that this is put into, or change how it is read")
    return content


def digest(content):
    return "'sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode() + "'"


def text(name, content):
    rows = (content[at:at + 24] for at in range(0, len(content), 24))
    numbers = ",\n\t".join(",".join(map(str, row)) for row in rows)
    return (f"static const char {name}_bytes[] = {{\n\t{numbers}\n}};\n"
            f"const struct text {name} = {{ {name}_bytes, sizeof {name}_bytes }};\n\n")


def main(output, *paths):
    style = b"\n".join(read(path) for path in paths if path.endswith(".css"))
    start = b"".join(read(path) for path in paths if pathlib.Path(path).name == "start.js")
    script = b"\n".join(read(path) for path in paths if path.endswith(".js") and pathlib.Path(path).name != "start.js")
    policy = (f"default-src 'none'; style-src {digest(style)}; script-src {digest(start)} {digest(script)}; "
              "base-uri 'none'; form-action 'none'")
    pathlib.Path(output).write_text(
        "/* Made by page/embed.py of the files beside it. */\n#include \"output/html_assets.h\"\n\n"
        + text("html_style", style) + text("html_start", start) + text("html_script", script)
        + f'const char html_policy[] = "{policy}";\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
