"""Rules of drafts, through the admin."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.stateful import admin_client
from tests.stateful.actors import picture
from tests.stateful.base import MAX_PAGES, BaseMachine, machine_rule, people, which
from tests.stateful.forms import DraftForm
from tests.stateful.initial_site import sha256

places = st.sampled_from(["text", "title", "summary", "brand", "slug", "note"])


def has_room_for_a_page(machine: Any) -> bool:
    """Return whether another page may be created."""
    return len(machine.pages) < MAX_PAGES


class WriterRules(BaseMachine):
    """Changes of drafts."""

    @machine_rule(who=people, page=which, place=places)
    def edit(self, who: str, page: int, place: str) -> str:
        target = self.nth_page(page)
        # A refused form is rendered completely, which is slow; the JSON response is short
        waiting = any(sent["page"] == target.id for sent in self.open_submissions())
        draft = target.draft.with_word(place, self.oracle.word(who))
        self.actor(who).edit(target, draft, json=waiting)
        return who

    @machine_rule(
        who=people, page=which, place=places, over=st.sampled_from(["latest", "live", "first", "foreign"])
    )
    def autosave(self, who: str, page: int, place: str, over: str) -> str:
        """Rewrite a revision in place: the latest, the published, an old one, or another page's."""
        target = self.nth_page(page)
        revision = {
            "latest": target.latest,
            "live": target.live_revision or target.latest,
            "first": admin_client.revisions(target.id)[0]["id"],
            "foreign": self.nth_page(page + 1).latest,
        }[over]
        draft = target.draft.with_word(place, self.oracle.word(who))
        self.actor(who).edit(target, draft, json=True, overwrite_revision_id=str(revision))
        return who

    @machine_rule(who=people, page=which)
    def save_unchanged(self, who: str, page: int) -> str:
        target = self.nth_page(page)
        self.actor(who).edit(target, target.draft)
        return who

    @machine_rule(who=people, page=which)
    def comment(self, who: str, page: int) -> str:
        target = self.nth_page(page)
        one = {"comments-TOTAL_FORMS": "1", "comments-0-id": "", "comments-0-contentpath": "summary"}
        one |= {"comments-0-text": "Is this right?", "comments-0-position": "", "comments-0-resolved": ""}
        one |= {f"comments-0-replies-{k}": "0" for k in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
        one |= {"comments-0-replies-MAX_NUM_FORMS": "10", "comments-0-DELETE": ""}
        self.actor(who).edit(target, target.draft, **one)
        return who

    @machine_rule(who=people, publish=st.booleans(), when=has_room_for_a_page)
    def create(self, who: str, publish: bool) -> str:
        word = self.oracle.word(who)
        class_page = next((p.id for p in self.pages.values() if p.draft.kind == "drug_class"), None)
        summary = f"It is {self.oracle.word(who)}."
        draft = DraftForm(f"{word}umab", f"m-{word}", summary, "", f"<p>{word}</p>", drug_class=class_page)
        button = {"action-publish": "1"} if publish else {}
        self.actor(who).create(self.initial_site.medicines, draft, **button)
        return who

    @machine_rule(who=people, page=which, back=which, api=st.booleans())
    def revert(self, who: str, page: int, back: int, api: bool) -> str:
        """Revert to an old revision, in the editor or by the admin API."""
        target = self.nth_page(page)
        past = admin_client.revisions(target.id)
        old = past[back % len(past)]
        if api:
            self.actor(who).call(target.id, "revert_to_page_revision", revision_id=old["id"])
        else:
            at = f"revisions/{old['id']}/revert/"
            self.actor(who).edit(target, DraftForm.of(old["content"]), at=at, revision=str(old["id"]))
        return who

    @machine_rule(who=people, page=which, other=which)
    def take_anothers_address(self, who: str, page: int, other: int) -> str:
        """Give a page a slug that another page or draft has or had."""
        target = self.nth_page(page)
        slugs = [page.draft.slug for page in self.pages.values()]
        slugs += [path.strip("/").split("/")[-1] for path in self.oracle.paths]
        draft = replace(target.draft, slug=slugs[other % len(slugs)], note=f"Noted {self.oracle.word(who)}.")
        self.actor(who).edit(target, draft)
        return who

    @machine_rule(who=people, page=which)
    def change_class(self, who: str, page: int) -> str:
        """Add a monograph to its class or remove it."""
        target = self.nth_page(page)
        class_page = next((p.id for p in self.pages.values() if p.draft.kind == "drug_class"), None)
        chosen = None if target.draft.drug_class else class_page
        note = f"Noted {self.oracle.word(who)}."
        self.actor(who).edit(target, replace(target.draft, drug_class=chosen, note=note))
        return who

    @machine_rule(who=people, place=st.sampled_from(["title", "text"]))
    def edit_class(self, who: str, place: str) -> str | None:
        target = next((p for p in self.pages.values() if p.draft.kind == "drug_class"), None)
        if target:
            self.actor(who).edit(target, target.draft.with_word(place, self.oracle.word(who)))
        return who

    @machine_rule(who=people)
    def replace_picture(self, who: str) -> str:
        """Upload another file for the image of a monograph."""
        self.oracle.count += 1
        colour = (self.oracle.count % 256, self.oracle.count // 256 % 256, 200)
        answer = self.actor(who).replace_picture(self.initial_site.image, colour)
        if answer.is_accepted:
            self.oracle.author.setdefault(sha256(picture(colour)), who)
        return who

    @machine_rule(
        who=people,
        page=which,
        how=st.sampled_from(["view", "api", "api live", "alias", "api alias"]),
        when=has_room_for_a_page,
    )
    def copy(self, who: str, page: int, how: str) -> str:
        """Copy a page or create an alias."""
        target, word = self.nth_page(page), self.oracle.word(who)
        person, parent = self.actor(who), self._parent_of(target)
        slug = f"m-{word}"
        if how in ("view", "alias"):
            mirror = {"alias": "1"} if how == "alias" else {}
            person.post(
                f"pages/{target.id}/copy/",
                new_title=f"{word}umab", new_slug=slug, new_parent_page=str(parent), **mirror,
            )  # fmt: skip
        elif how == "api alias":
            person.call(
                target.id, "create_alias", destination_page_id=parent, recursive=False, update_slug=slug
            )
        else:
            person.call(target.id, "copy", slug=slug, title=f"{word}umab", keep_live=how == "api live")
        return who

    def _parent_of(self, page: admin_client.AdminPage) -> int:
        return self.initial_site.classes if page.draft.kind == "drug_class" else self.initial_site.medicines

    @machine_rule(who=people, page=which)
    def lock(self, who: str, page: int) -> str:
        self.actor(who).post(f"pages/{self.nth_page(page).id}/lock/")
        return who

    @machine_rule(who=people, page=which)
    def unlock(self, who: str, page: int) -> str:
        self.actor(who).post(f"pages/{self.nth_page(page).id}/unlock/")
        return who
