"""A bulk file as it was read: its entries, the lists inside them, its pictures."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from backoffice.bulk import children, workplace_forms
from backoffice.bulk.children import Child, ChildForm
from backoffice.bulk.entries import Entry
from backoffice.bulk.occupancy import Presence
from backoffice.bulk.takings import Taking
from sites_app.models import RoomImage

CHILD_FORMS: Mapping[str, tuple[ChildForm, ...]] = {
    "sites": (children.OPENING_EXCEPTIONS, children.CLOSURES),
    "organizations": (children.LEASES, children.CONTRACT_OPTIONS, children.CONTRACT_NOTICES),
    "statements": (children.STATEMENT_LINES,),
    "users": (children.ACCESS_CARDS, children.API_QUOTAS),
    "teams": (workplace_forms.TEAM_LOCATIONS,),
}
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class File:
    """The file as read: entries by collection, lists inside them, pictures, reservations made."""

    entries: dict[str, list[Entry]]
    lists: dict[tuple[str, str], dict[str, list[Child]]]
    pictures: dict[str, list[RoomImage]]
    now: dt.datetime
    progress: Progress
    presence: Presence
    takings: list[Taking] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    touched: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The ids of what is new or different, itself or in its lists, by collection."""

    @property
    def all(self) -> Iterable[Entry]:
        return (entry for found in self.entries.values() for entry in found)

    def lists_of(self, collection: str, form: ChildForm) -> dict[str, list[Child]]:
        """Return the lists of one kind by their owner's id; owners that do not speak of it are absent."""
        return self.lists[collection, form.name]
