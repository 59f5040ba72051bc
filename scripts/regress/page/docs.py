# SPDX-License-Identifier: MIT
"""Sections from docs/: the register map, which scripts/gen_regs has made, and the plots of the measurements."""
import re

from .html import details, picture, table, tag, text


def inline(said):
    """Code and links of one line of Markdown; links inside a page that is not here become plain text."""
    said = re.sub(r"`([^`]+)`", r"<code>\1</code>", text(said))
    said = re.sub(r"\[([^]]+)\]\(#([\w-]+)\)", r'<a href="#\2">\1</a>', said)
    return re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", said)


def cells(line):
    return [inline(cell.strip()) for cell in line.strip().strip("|").split("|")]


def markdown(lines):
    """What generated pages use of Markdown: headings, anchors, tables, paragraphs."""
    out, rows, words = [], [], []

    def flush():
        if words:
            out.append(tag("p", inline(" ".join(words))))
            words.clear()
        if rows:
            head = [re.sub("<[^>]+>", "", cell) for cell in rows[0]]
            out.append(table(head, rows[2:]))
            rows.clear()

    for line in lines:
        heading = re.match(r"(#+) (.*)", line)
        if line.startswith("|"):
            rows.append(cells(line))
            continue
        if heading or not line.strip() or line.startswith("<a id="):
            flush()
        if heading:
            out.append(tag(f"h{min(len(heading[1]) + 1, 5)}", inline(heading[2])))
        elif line.startswith("<a id="):
            out.append(line)
        elif line.strip():
            words.append(line.strip())
    flush()
    return "".join(out)


def registers(path):
    """The register map, below its title."""
    if not path.is_file():
        return ""
    lines = re.sub(r"<!--.*?-->\n*", "", path.read_text(), flags=re.S).splitlines()[1:]
    return details("Registers, descriptor and codes", markdown(lines), open_=True)


def plots(path):
    """Those of the page about performance, each with what it says below it."""
    found = re.findall(r"!\[([^]]*)\]\(([\w-]+\.svg)\)", path.read_text()) if path.is_file() else []
    return "".join(picture(path.parent / name, what) for what, name in found if (path.parent / name).is_file())
