"""Draws bars as SVG: one panel for each endpoint. Pure: results in, text out.

By hand rather than by a plotting library: four panels of bars need none, and a style sheet inside the
file lets the colours follow the reader's light or dark theme.
"""

from typing import Any
from xml.sax.saxutils import escape

from .contenders import TITLES
from .goals import NAMES, Results
from .stats import Summary

_WIDTH, _LABELS, _VALUES, _BAR, _GAP, _HEAD = 760, 215, 100, 16, 8, 42
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 14px; font-weight: 600; }
.bar { fill: #8c959f; } .ours { fill: #0969da; } .spread { stroke: #1f2328; stroke-width: 1.2; }
.axis { stroke: #8c959f; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .bar { fill: #6e7681; } .ours { fill: #4493f8; } .spread { stroke: #e6edf3; }
}
"""


def _value(number: float, unit: str) -> str:
    return (
        f"{number:,.0f}{unit}"
        if number >= 100
        else f"{number:.2g}{unit}"
        if number < 1
        else f"{number:.1f}{unit}"
    )


def _panel(title: str, bars: list[tuple[str, Summary]], unit: str, top: float) -> tuple[str, float]:
    """The panel, and the position of the next one. The thin line is from the lowest to the highest run."""
    widest = max(summary.high for _, summary in bars) or 1.0
    scale = (_WIDTH - _LABELS - _VALUES) / widest
    parts = [f'<text class="title" x="0" y="{top + 24}">{escape(title)}</text>']
    y = top + _HEAD
    for name, summary in bars:
        middle, end = y + _BAR / 2, _LABELS + summary.median * scale
        kind = "bar ours" if name == "ours" else "bar"
        low, high = (_LABELS + edge * scale for edge in (summary.low, summary.high))
        parts += [
            f'<text x="{_LABELS - 10}" y="{middle + 4}" text-anchor="end">{escape(TITLES[name])}</text>',
            f'<rect class="{kind}" x="{_LABELS}" y="{y}" width="{end - _LABELS:.1f}" height="{_BAR}" rx="2"/>',
            f'<line class="spread" x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>',
            f'<text x="{max(end, high) + 6:.1f}" y="{middle + 4}">{_value(summary.median, unit)}</text>',
        ]
        y += _BAR + _GAP
    parts.append(f'<line class="axis" x1="{_LABELS}" y1="{top + _HEAD - 4}" x2="{_LABELS}" y2="{y - 4}"/>')
    return "\n".join(parts), y + 8


def _plot(results: Results, metric: str, title: str, unit: str) -> str:
    panels, y = [], 0.0
    for endpoint, name in NAMES.items():
        bars = []
        for contender in TITLES:
            direct = contender in ("pgbench", "libpq")
            summary = results.summary(endpoint, contender, metric, None if direct else 64)
            if summary:
                bars.append((contender, summary))
        if bars:
            bars.sort(key=lambda bar: bar[1].median, reverse=metric == "per_second")
            panel, y = _panel(f"{name[0].upper()}{name[1:]}: {title}", bars, unit, y)
            panels.append(panel)
    height = int(y) + 8
    body = "\n".join(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(title)}">\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )


def all_plots(plain: dict[str, Any]) -> dict[str, str]:
    """File names and contents."""
    results = Results(plain)
    return {
        "benchmarks-throughput.svg": _plot(results, "per_second", "requests per second", ""),
        "benchmarks-latency.svg": _plot(results, "p99_ms", "99th percentile of the latency", " ms"),
    }
