"""The report in a real browser without any network: no errors, every figure drawn, no label on top of another."""

import json
import re
from html import unescape

from check_queues import RULES, STUDY
from support import ROOT, Workplace, need_packages, open_page, browser

MEGABYTE = 1 << 20
# Runs in the page after its own scripts: what every figure drew, and which of its texts overlap.
PROBE = """<script>
addEventListener('load', () => setTimeout(() => {
  const figures = {};
  for (const div of document.querySelectorAll('.plotly-graph-div')) {
    const texts = [...div.querySelectorAll('.main-svg text')].filter(t => t.textContent.trim() && !t.closest('.modebar'))
      .map(t => [t.textContent, t.getBoundingClientRect()]).filter(([, r]) => r.width > 0);
    const overlaps = [];
    texts.forEach(([a, r], i) => texts.slice(i + 1).forEach(([b, s]) => {
      if (Math.min(r.right, s.right) - Math.max(r.left, s.left) > 2 && Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top) > 3)
        overlaps.push(a + ' | ' + b);
    }));
    figures[div.id] = {
      svgs: div.querySelectorAll('svg.main-svg').length, overlaps, texts: texts.length,
      marks: div.querySelectorAll('.points path, .point path, path.point, path.js-line, .heatmaplayer image').length,
    };
  }
  const out = document.createElement('pre');
  out.id = 'probe';
  out.textContent = JSON.stringify(figures);
  document.body.append(out);
}, 1500));
</script></body>"""


def probe(index, width):
    """(figures by id, console messages) of a copy of the page with the probe in it."""
    page = index.with_name("probed.html")
    page.write_text(index.read_text(encoding="utf-8").replace("</body>", PROBE), encoding="utf-8")
    dom, console = open_page(page, width)
    page.unlink()
    found = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S)
    return (json.loads(unescape(found[1])) if found else {}), console


def faults(index, expected, width):
    """What is wrong with the page, in words."""
    figures, console = probe(index, width)
    wrong = [f"console: {line}" for line in console]
    for name in expected:
        figure = figures.get(f"figure-{name}")
        if figure is None or figure["svgs"] == 0 or figure["marks"] == 0:
            wrong.append(f"{name} is not drawn: {figure}")
        elif figure["overlaps"]:
            wrong.append(f"{name} at {width} pixels: labels overlap: {figure['overlaps']}")
    return wrong + [f"unexpected {name}" for name in figures if name.removeprefix("figure-") not in expected]


def stands_alone(index):
    text = index.read_text(encoding="utf-8")
    assert len(text) < 8 * MEGABYTE, f"{index} has {len(text)} bytes"
    loads = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*href="(?!data:)', text[:text.index("<script>")] + text[text.rindex("</script>"):])
    assert not loads, f"the page loads from elsewhere: {loads}"


def the_checks_can_fail(index, expected):
    broken = index.with_name("broken.html")
    text = index.read_text(encoding="utf-8")
    broken.write_text(text.replace("<main>", "<main><script>undefined_function()</script>"), encoding="utf-8")
    assert any("undefined_function" in f for f in faults(broken, expected, 1200)), "an error in the page goes unseen"
    broken.write_text(text.replace('Plotly.newPlot(', 'void (', 1), encoding="utf-8")
    assert any("not drawn" in f for f in faults(broken, expected, 1200)), "a figure that is not drawn goes unseen"


def main():
    need_packages()
    browser()
    usual = ["feeder", "unit_costs", "totals", "cost_by_position", "pairwise"]
    with Workplace() as place:
        rules = '[allocation]\nrules = ["trigger", "shapley", "pro-rata-kw", "delta-hosting-capacity", "constraint-matrix"]'
        cases = [("random", 'method = "random"\ncount = 120000\nseed = 3', usual + ["convergence"]), ("exact", f'method = "all"\n{rules}', usual + ["sharing"]),
                 ("given", 'method = "given"\norders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]]', usual + ["orders"])]
        several = ["variance", "bills", "totals", "spread", "feeder", "bus_costs", "luck"]
        everywhere = "\n".join(line for line in STUDY.splitlines() if not line.startswith("buses"))
        cases += [("queues", 'method = "all"\n' + RULES, [*several, "sharing"], STUDY.replace("{queues}", "count = 5\nqueues = 40")),
                  ("everywhere", "count = 60", several, everywhere.replace("{queues}", 'count = 10\nqueues = 60'))]
        wrong = []
        for name, orders, figures, *text in cases:
            index = place.report(name, orders, *(t.format(root=ROOT, orders=orders) for t in text))[0] / "index.html"
            stands_alone(index)
            for width in (1200, 800):
                wrong += [f"{name}: {f}" for f in faults(index, figures, width)]
        assert not wrong, "\n".join(wrong)
        the_checks_can_fail(index, figures)
    print("every figure is drawn, without errors and without overlapping labels")


if __name__ == "__main__":
    main()
