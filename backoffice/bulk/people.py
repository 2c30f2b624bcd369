"""People of a bulk file: roles, passwords, verified addresses, and the cards that open doors."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.hashers import check_password, make_password

from backoffice.bulk import children, codecs, rows
from backoffice.bulk.children import Child
from backoffice.bulk.entries import Entry
from backoffice.bulk.files import File
from backoffice.bulk.problems import at
from backoffice.bulk.rows import Change
from organizations.domain import access_cards
from organizations.models import AccessCard, ApiRole, Role, User


def settle(changes: Sequence[Change], file: File) -> None:
    seen: dict[str, Entry] = {}
    for change in changes:
        row, entry = change.row, change.entry
        if row.email in seen:
            raise at(entry.place, "email", f"is also that of {seen[row.email].place}")
        seen[row.email] = entry
        _settle_role(change)
        _settle_access(change, file)
    _check_addresses(changes, seen)


def _settle_role(change: Change) -> None:
    row, given = change.row, change.entry.values
    if row.role in ApiRole.values:
        if "api_role" not in given:
            row.api_role = row.role
        row.role = change.before.get("role", Role.USER)
    elif change.is_new and "role" not in given and (row.organization_id or row.api_role):
        row.role = Role.USER


def _settle_access(change: Change, file: File) -> None:
    row, entry = change.row, change.entry
    if "isVerified" in entry.given and "email_verified_at" not in entry.values:
        is_verified = entry.read("isVerified", codecs.boolean(empty=False))
        row.email_verified_at = (row.email_verified_at or file.now) if is_verified else None
    if "password" in entry.given and "passwordHash" not in entry.given:
        plain = entry.read("password", codecs.text(longest=128))
        if not plain:
            row.password = make_password(None)
        elif change.is_new or not check_password(plain, row.password):
            row.password = make_password(plain)
    elif change.is_new and not row.password:
        row.password = make_password(None)


def _check_addresses(changes: Sequence[Change], seen: Mapping[str, Entry]) -> None:
    ours = {change.row.pk for change in changes}
    for batch in rows.batches(seen):
        for email, other in User.objects.filter(email__in=batch).values_list("email", "pk"):
            if other not in ours:
                raise at(seen[email].place, "email", f"is that of the person {other}")


def card_sites(child: Child) -> list[str]:
    entry = Entry(child.place, child.owner.id, {f"{child.label}.sites": child.given.get("sites")})
    return entry.ids(f"{child.label}.sites") or []


def write_cards(file: File) -> None:
    wanted = file.lists_of("users", children.ACCESS_CARDS)
    _check_cards(wanted)
    _date_cards(wanted, file)
    children.save(children.ACCESS_CARDS, wanted)
    _write_card_sites(wanted)
    for batch in rows.batches({*wanted, *file.touched["users"]}):
        access_cards.follow_archiving(person_ids=batch)
    for batch in rows.batches(file.touched["organizations"]):
        access_cards.follow_archiving(organization_ids=batch)


def _write_card_sites(wanted: Mapping[str, Sequence[Child]]) -> None:
    numbers = {child.values["number"]: child for found in wanted.values() for child in found}
    through = AccessCard.sites.through
    cards = AccessCard.objects.filter(number__in=numbers).prefetch_related("sites")
    for card in cards:
        sites = set(card_sites(numbers[card.number]))
        if sites == {site.pk for site in card.sites.all()}:
            continue
        through.objects.filter(accesscard_id=card.pk).delete()
        through.objects.bulk_create(
            through(accesscard_id=card.pk, site_id=site_id) for site_id in sorted(sites)
        )


def _date_cards(wanted: Mapping[str, Sequence[Child]], file: File) -> None:
    """Cards whose file does not say since when they are keep their date; new ones are of today."""
    stored = dict(AccessCard.objects.filter(holder__in=wanted).values_list("number", "created_at"))
    for child in (child for found in wanted.values() for child in found):
        known = stored.get(child.values["number"], file.now)
        child.values["created_at"] = child.values["created_at"] or known


def _check_cards(wanted: Mapping[str, Sequence[Child]]) -> None:
    seen: dict[str, Child] = {}
    for child in (child for found in wanted.values() for child in found):
        number = child.values["number"]
        if number in seen:
            raise at(child.place, child.label, f"{number} is also with {seen[number].place}")
        seen[number] = child
    others = AccessCard.objects.filter(number__in=seen).exclude(holder__in=wanted)
    for number, holder in others.values_list("number", "holder_id"):
        raise at(seen[number].place, seen[number].label, f"{number} is with the person {holder}")
