import pytest
from tests.conftest import as_user
from tests.factories import make_monograph
@pytest.mark.django_db
def test_scratch(writer, client):
    page = make_monograph(by=writer)
    html = as_user(writer).get(f"/admin/pages/{page.pk}/edit/").content.decode()
    import re
    print(re.findall(r"<script[^>]*kept-text[^>]*>", html))
    print(as_user(writer).get("/admin/session/").content)
    r = client.post("/admin/session/", {"a": "some words here"})
    print(r.status_code, r.content[-800:])
    r = client.get("/admin/session/", headers={"X-Sign-In-Dialog": "1"})
    print(r.status_code, r.content)
