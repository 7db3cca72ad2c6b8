"""A form that was refused: it comes back on the page it was on, as it was filled, with one sentence that says what is wrong.

In:  the request whose form was refused, or the one that looks at it. Out: the way back to the page, and there the `Refusal` with the forms
filled again. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, QueryDict

from dashboard.desk import drafts
from dashboard.desk.drafts import Draft
from dashboard.desk.narrowing import vendor_id
from dashboard.desk.people import assignee_choices, group_choices
from dashboard.desk.places import DRAFT, SeeOther, with_draft
from dashboard.desk.plans import Names
from dashboard.desk.wish_form import ChangeForm, MergeForm
from dashboard.models import User

# Chosen tickets that are shown as chosen again, though they were too many.
MOST_CHOSEN = 500
# Which form of a page: its sentence stands there.
CHANGE, MERGE, AWAY, LIST, TRASH, SWITCH = "change", "merge", "away", "list", "trash", "switch"
FORMS = {"merge": MERGE, "delete": AWAY, "spam": AWAY, "restore": TRASH, "destroy": TRASH}
_WRITTEN = {name: str(form.base_fields[name].label) for form in (ChangeForm, MergeForm) for name in form.base_fields if "comment" in name}


@dataclass(frozen=True, slots=True)
class Refusal:
    """`form`: which of the page's. `why`: the sentence; empty: it stands at a field. `fields`: what was sent."""

    form: str
    why: str
    status: int
    fields: QueryDict = field(repr=False)

    @property
    def ids(self) -> tuple[int, ...]:
        """The tickets that it was sent about, as far as they are numbers."""
        return numbers_in(self.fields.getlist("id"))

    @property
    def written(self) -> list[tuple[str, str]]:
        """The comments in it, each with what it is: for a page on which the form does not stand any more."""
        return [(label, text) for name, label in _WRITTEN.items() if (text := self.fields.get(name, "").strip())]


def numbers_in(given: Iterable[str]) -> tuple[int, ...]:
    """Those of the texts that are numbers of tickets, each once, at most 500."""
    found = [vendor_id(part) for each in given for part in each.replace(",", " ").split()]
    return tuple(dict.fromkeys(each for each in found if each is not None))[:MOST_CHOSEN]


def refused(request: HttpRequest, form: str, why: str, status: int) -> Refusal:
    """The refusal of what this request was sent with; the rest as in `Refusal`."""
    fields = (request.POST if request.method == "POST" else request.GET).copy()
    fields.pop("csrfmiddlewaretoken", None)
    return Refusal(form, why, status, fields)


def send_back(user: User, address: str, refusal: Refusal, shown: Callable[[Refusal], HttpResponse]) -> HttpResponse:
    """To the page at `address`; while nothing can be kept, the page itself as `shown` makes it."""
    draft = Draft(refusal.status, refusal.why, fields=refusal.fields.urlencode(), form=refusal.form)
    token = drafts.keep(draft, user)
    return SeeOther(with_draft(address, token)) if token else shown(refusal)


def refusal_of(request: HttpRequest, user: User) -> Refusal | None:
    """The form that this page is to show as refused; None: none, or not (any more) to be had, so that the page is shown as it is."""
    try:
        draft = drafts.kept(request.GET.get(DRAFT, ""), user)
    except drafts.AwayError:
        return None
    return None if draft is None or not draft.form else Refusal(draft.form, draft.why, draft.status, QueryDict(draft.fields))


def forms_of(refusal: Refusal | None, names: Names) -> tuple[ChangeForm, MergeForm]:
    """The forms of a page about tickets, the one that was refused as it was filled, with its wrong fields marked."""
    sent = refusal.fields if refusal is not None else QueryDict()
    do = sent.get("do", "")
    change = ChangeForm(sent if do == "update" else None, groups=group_choices(names), assignees=assignee_choices(names))
    return change, MergeForm(sent if do == "merge" else None)
