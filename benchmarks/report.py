"""How large the report is, how soon its first picture stands, how long a slider step takes.

Of the forecast saved in ``--run``, by default the newest in ``runs/``; where there is none, of one
drawn from the priors. Run as ``python benchmarks/report.py [--run FOLDER]`` from the root of the
repository; measured in headless Chromium (``sh tools/get_chromium.sh``). A step is timed from the
change of the slider to the second frame after it.
"""

from __future__ import annotations

import argparse
import gzip
import runpy
import statistics
import subprocess
import tempfile
import time
from importlib import resources
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import dispersal
from dispersal.report.document import document
from dispersal.report.page import page as page_of

ROOT = Path(__file__).resolve().parents[1]

#: Milliseconds from the start of the navigation to the first frame that shows the map.
FIRST_PICTURE = """() => new Promise(done => {
  const look = () => document.querySelector('#figure-map svg path')
    ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 1);
  look();
})"""

#: Milliseconds from a change of the slider to the second frame after it.
STEP = """slider => new Promise(done => {
  const start = performance.now();
  slider.value = String(+slider.value - 1);
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  slider.dispatchEvent(new Event('change', { bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""


def newest_run() -> Path | None:
    """Return the folder of the newest saved forecast in runs/."""
    runs = sorted((ROOT / "runs").glob("*/run.json"), key=lambda file: file.stat().st_mtime)
    return runs[-1].parent if runs else None


def forecast_of(run: Path | None) -> dispersal.Forecast:
    """Return a saved forecast, or one drawn from the priors."""
    if run is not None:
        return dispersal.load_forecast(run)
    beside = runpy.run_path(str(ROOT / "benchmarks" / "forecast_isis_2017.py"))
    return dispersal.forecast(beside["prior_posterior"](400), draws=400, seed=1)


def first_pictures(page: Page, file: Path, times: int) -> list[float]:
    """Return how soon the first picture stood, each time the page was opened, milliseconds."""
    found = []
    for _ in range(times):
        page.goto(file.as_uri(), wait_until="commit")
        found.append(float(page.evaluate(FIRST_PICTURE)))
    return found


def steps(page: Page, times: int) -> list[float]:
    """Return how long steps of the slider took, milliseconds."""
    page.wait_for_selector("#dispersal[data-ready]", state="attached")
    slider = page.get_by_test_id("map-month")
    slider.scroll_into_view_if_needed()
    return [float(slider.evaluate(STEP)) for _ in range(times)]


def told(values: list[float]) -> str:
    """Return the median and the range of times."""
    return f"{statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--run", type=Path, default=newest_run(), help="folder of a saved forecast")
    asked = parser.parse_args()
    command = ["sh", str(ROOT / "tools" / "get_chromium.sh"), "--find"]
    chromium = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    forecast = forecast_of(asked.run)
    what = f"forecast saved in {asked.run}" if asked.run else "forecast drawn from the priors"
    print(f"{what}: {forecast.case.name}, {forecast.size:,} draws")
    start = time.perf_counter()
    held = document(forecast)
    made = time.perf_counter()
    text = page_of(held)
    print(f"document {made - start:.1f} s, page {time.perf_counter() - made:.1f} s")
    script = (resources.files("dispersal.report") / "bundle" / "report.js").read_bytes()
    style = (resources.files("dispersal.report") / "bundle" / "report.css").read_bytes()
    content = text.encode()
    print(f"report {len(content) / 1e6:.2f} MB ({len(gzip.compress(content)) / 1e6:.2f} MB zipped)")
    print(f"front end {len(script) / 1e3:.0f} KB of script, {len(style) / 1e3:.0f} KB of style")
    if not chromium:
        print("no Chromium on this machine: nothing measured in a browser")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_bytes(content)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        print(f"first picture {told(first_pictures(page, file, 5))}")
        print(f"slider step {told(steps(page, 30))}")
        browser.close()


if __name__ == "__main__":
    main()
