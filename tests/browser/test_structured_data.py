"""A page's structured data under its content security policy, in a browser."""

import json
from typing import Any

from tests.public.published import monograph, publish

BROKEN = """() => { window.broken = [];
    document.addEventListener("securitypolicyviolation", e => window.broken.push(e.violatedDirective)); }"""


def test_the_policy_lets_data_through_and_nothing_runs(live_server: Any, open_browser: Any) -> None:
    publish(monograph(summary="</script><script>window.ran = true</script>"))
    reader = open_browser()
    reader.page.add_init_script(f"({BROKEN})()")
    said: list[str] = []
    reader.page.on("console", lambda message: said.append(message.text))
    response = reader.page.goto("/medicines/testumab/")
    assert "script-src" not in response.headers["content-security-policy"].replace("script-src 'self'", "")
    data = json.loads(reader.page.locator("script[type='application/ld+json']").text_content())
    assert data["about"]["name"] == "testumab"
    assert reader.page.evaluate("window.broken") == []
    assert reader.page.evaluate("window.ran === undefined")
    assert said == []
