"""What axe-core finds on a page in a browser, once nothing moves on it any more."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: The impacts of axe that make a screen hard or impossible to use.
GRAVE = {"serious", "critical"}
#: axe does not test target sizes (WCAG 2.2, 2.5.8) by default.
EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
#: No finite animation is running.
STILL = """document.getAnimations().every(
    (each) => each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity
)"""
_SCRIPT = Axe().axe_script


def violations(page: Page, *selectors: str, options: dict[str, Any] | None = None) -> list[Any]:
    """Return axe's violations in what the selectors name, by default in the whole document.

    It waits until all of the page is there, as what is still arriving has no labels yet, and for animations,
    which change colours. The script, half a megabyte, is loaded once into each document.
    """
    page.wait_for_load_state()
    page.wait_for_function(STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    result = page.evaluate(
        "([context, options]) => axe.run(context || document, options)",
        [
            {"include": [[selector] for selector in selectors]} if selectors else None,
            options or {"resultTypes": ["violations"]},
        ],
    )
    return list(result["violations"])


def grave(page: Page, *selectors: str) -> list[str]:
    """Return the grave violations in what the selectors name: the rule and the element of each."""
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in violations(page, *selectors)
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
