# SPDX-License-Identifier: MIT
"""Pictures with names on the left, which stay where they are, and a plot beside them, which can be scrolled."""
from .html import tag, text

WIDTH, NAMES, ROW = 940, 170, 22
GLYPH = 6.8             # pixels of a letter


def svg(width, height, inner, **attributes):
    return tag("svg", inner, viewBox=f"0 0 {width} {height}", width=width, height=height, font_family="DejaVu Sans Mono, monospace",
               font_size="11", fill="none", **attributes)


class Picture:
    """Rows from top to bottom over a window of time."""

    def __init__(self, begin, end):
        self.begin, self.end, self.parts, self.names, self.y = begin, end, [], [], 26
        self.scale = (WIDTH - 20) / max(end - begin, 1)

    def x(self, time):
        return 10 + (time - self.begin) * self.scale

    def line(self, x1, y1, x2, y2, color, width=1.4):
        self.parts.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{color}" stroke-width="{width}"/>')

    def label(self, x, y, what, color, anchor="start"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}">{text(what)}</text>')

    def name(self, what, color):
        self.names.append(f'<text x="{NAMES - 4}" y="{self.y + ROW - 8}" fill="{color}" text-anchor="end">{text(what)}</text>')

    def box(self, since, to, said, color):
        """A box as long as it lasts, with as much of the text as fits into it."""
        left, right = self.x(since), max(self.x(to), self.x(since) + 1)
        self.parts.append(tag("rect", "", x=f"{left:.1f}", y=self.y + 3, width=f"{right - left:.1f}", height=ROW - 8, stroke=color))
        room = int((right - left - 4) / GLYPH)
        if room >= 2 or 0 < len(said) <= room:
            self.label(left + 3, self.y + ROW - 8, said if len(said) <= room else said[:room - 1] + "+", color)

    def html(self, what):
        """All of it; the plot shows its end first."""
        names = svg(NAMES, self.y + 6, "".join(self.names), aria_hidden="true")
        plot = svg(WIDTH, self.y + 6, "".join(self.parts), role="img", aria_label=what)
        return tag("div", names + tag("div", plot, class_="scroll end", tabindex="0"), class_="waves")
