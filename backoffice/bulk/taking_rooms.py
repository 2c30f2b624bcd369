"""All that takes rooms, written together: meetings, blocks, intentions and allocations."""

from backoffice.bulk import (
    forms,
    meetings,
    plan_checks,
    plan_meetings,
    plans,
    rows,
    takings,
    workplace_forms,
)
from backoffice.bulk.files import File
from backoffice.bulk.saving import save

_TAKING_ROOMS = (
    forms.MEETINGS,
    forms.BLOCKS,
    workplace_forms.INTENTIONS,
    workplace_forms.ALLOCATIONS,
)


def write(file: File) -> None:
    """Write what takes rooms; the database excludes any overlap of it."""
    found = {form.collection: file.entries[form.collection] for form in _TAKING_ROOMS}
    if not any(found.values()):
        return
    known = meetings.rooms()
    where = plans.places(found["intentions"], found["allocations"])
    intentions = rows.merge(workplace_forms.INTENTIONS, found["intentions"])
    plans.settle_intentions(intentions, where)
    allocations = rows.merge(workplace_forms.ALLOCATIONS, found["allocations"])
    plans.settle_allocations(allocations, where)
    drafts = plan_checks.seats_of(allocations, now=file.now)
    booked = [*found["meetings"], *plan_meetings.rooms_wanted(intentions, now=file.now)]
    plan_meetings.share_meetings(allocations, intentions)
    booked += plan_meetings.rooms_of_people(allocations, now=file.now)
    booked += plan_meetings.meetings_over(intentions, found["meetings"], now=file.now)
    changes = rows.merge(forms.MEETINGS, booked)
    meetings.settle(changes, known=known, now=file.now)
    save(file, forms.MEETINGS, changes)
    blocks = rows.merge(forms.BLOCKS, found["blocks"])
    moved = takings.of_blocks(blocks, known)
    file.new["blocks"] = sum(change.is_new for change in blocks)
    file.changed["blocks"] = len(moved) - file.new["blocks"]
    teams_rooms = plans.rooms_of_teams(allocations, known, now=file.now)
    file.takings = [*takings.of_meetings(changes, known), *moved, *teams_rooms]
    takings.make_room(file.takings, now=file.now)
    takings.write(file.takings)
    save(file, workplace_forms.INTENTIONS, intentions)
    save(file, workplace_forms.ALLOCATIONS, allocations)
    plans.write_spaces(allocations)
    plan_checks.check_meetings([*intentions, *allocations], now=file.now)
    plan_checks.check_seats(drafts, allocations, now=file.now)
    plan_checks.check_plans(intentions, now=file.now)
