# SPDX-License-Identifier: MIT
"""Pieces of HTML, and the page around them."""
import base64
import html
import pathlib

HERE = pathlib.Path(__file__).parent


def text(value):
    return html.escape(str(value))


def tag(name, inner, **attributes):
    """<name attribute=...>inner</name>; inner is HTML already. An attribute's name may end in _."""
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{said}>{inner}</{name}>"


def code(value):
    return tag("code", text(value))


def table(head, rows, class_=None):
    """Rows of cells; a cell is HTML. It scrolls by itself where the screen is narrow."""
    top = tag("thead", tag("tr", "".join(tag("th", text(name), scope="col") for name in head)))
    body = tag("tbody", "\n".join(tag("tr", "".join(tag("td", cell) for cell in row)) for row in rows))
    return tag("div", tag("table", top + body, class_=class_), class_="scroll", tabindex="0")


def details(summary, inner, open_=False):
    return f"<details{' open' if open_ else ''}><summary>{summary}</summary>{inner}</details>"


def section(name, title, inner):
    return tag("section", tag("h2", text(title)) + inner, id_=name)


def percent_bar(percent, aim):
    """A bar with its number; whether the aim is reached stands there in words too."""
    state = "good" if percent >= aim else "poor"
    return (f'<span class="bar {state}"><span style="width:{percent:.2f}%"></span></span>'
            f'<span class="number">{percent:.2f} %</span>')


def picture(path, what):
    """An SVG file as an image, so that names inside two of them do not meet."""
    data = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    return tag("figure", f'<img alt="{text(what)}" src="data:image/svg+xml;base64,{data}">' + tag("figcaption", text(what)))


def page(title, head, sections):
    """sections: [(name, title, HTML)]; those without HTML are left out."""
    shown = [(name, heading, inner) for name, heading, inner in sections if inner]
    links = "".join(tag("a", text(heading), href=f"#{name}") for name, heading, _ in shown)
    body = (tag("header", head) + tag("nav", links, aria_label="Sections")
            + tag("main", "\n".join(section(*one) for one in shown)) + tag("script", (HERE / "page.js").read_text()))
    return ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<link rel=\"icon\" href=\"data:,\">\n"
            f"{tag('title', text(title))}\n{tag('style', (HERE / 'page.css').read_text())}\n</head>\n<body>\n{body}\n</body>\n</html>\n")
