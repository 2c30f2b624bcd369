"""Writing a registration: the person, the company with its sites, and the meetings that were waiting."""

import datetime as dt

from django.db.models import Max, Q

from apitokens.domain import events
from booking.domain.registration_requests import Application
from booking.models import Meeting, MeetingStatus
from organizations.domain import company_checks, company_numbers
from organizations.models import Organization, OrganizationStatus, Role, User
from sites_app.models import SiteMembership


def complete_person(application: Application, person: User) -> None:
    """Write what was told of the person; of one whose address is proven only what is missing."""
    told = {
        "first_name": application.request.first_name,
        "last_name": application.request.last_name,
        "phone": application.phone,
    }
    is_proven = person.email_verified_at is not None
    for name, value in told.items():
        if value and not (is_proven and getattr(person, name)):
            setattr(person, name, value)
    if application.request.language and not is_proven:
        person.language = application.language
    person.save(update_fields=[*told, "language", "updated_at"])


def new_organization(application: Application, *, now: dt.datetime) -> Organization:
    """Make the company, waiting for its first person's proof, with access to its sites."""
    request = application.request
    organization = Organization.objects.create(
        name=request.name,
        status=OrganizationStatus.PENDING,
        email=application.email,
        language=application.language,
        max_resident_users=request.max_resident_users,
        comments=request.comments,
        **_details(application),
    )
    _open_sites(application, organization)
    _keep_verification(application, organization, now=now)
    _record_registered(organization, now=now)
    return organization


def complete_organization(
    application: Application, prepared: Organization, *, now: dt.datetime
) -> Organization:
    """Fill what staff left empty in the company they prepared, and open the sites asked for."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=prepared.pk)
    for name, value in {
        **_details(application),
        "comments": application.request.comments,
    }.items():
        if not getattr(organization, name):
            setattr(organization, name, value)
    organization.save()
    _open_sites(application, organization)
    _keep_verification(application, organization, now=now)
    _record_registered(organization, now=now)
    return organization


def lead(person: User, organization: Organization) -> None:
    """Make the person the company's principal administrator."""
    person.organization = organization
    person.role = Role.PRINCIPAL_ADMIN
    person.save(update_fields=["organization", "role", "updated_at"])


def link_meetings(application: Application, person: User, organization: Organization | None) -> int:
    """Link the given request and every other waiting one of the address; return how many there are.

    Without `organization` they are the person's alone.
    """
    given = application.meeting.pk if application.meeting else None
    waiting = Q(contact_email=person.email, status=MeetingStatus.PENDING)
    late = Q(pk=given, status=MeetingStatus.EXPIRED)
    found = Meeting.objects.filter(waiting | late).order_by("id").select_for_update(of=("self",))
    ids = list(found.values_list("pk", flat=True))
    Meeting.objects.filter(pk__in=ids).update(organizer=person, organization=organization)
    return len(ids)


def _details(application: Application) -> dict[str, str]:
    request, country = application.request, application.country
    number, vat = request.company_number, request.vat_number
    return {
        "phone": application.phone,
        "country": country,
        "company_number": company_numbers.normalise(country=country, number=number),
        "vat_number": company_numbers.normalise_vat(country=country, number=vat),
        "address": request.address,
    }


def _open_sites(application: Application, organization: Organization) -> None:
    """Give access to the sites, after those that the company has, in the order of their priority."""
    known = SiteMembership.objects.filter(organization=organization)
    has = set(known.values_list("site_id", flat=True))
    last = known.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    fresh = [site for site in application.sites if site.pk not in has]
    SiteMembership.objects.bulk_create(
        SiteMembership(site=site, organization=organization, position=position)
        for position, site in enumerate(fresh, start=first)
    )


def _keep_verification(
    application: Application, organization: Organization, *, now: dt.datetime
) -> None:
    """Keep what the register said of the number, if it is the one that the company now has."""
    given = company_numbers.normalise(
        country=organization.country, number=application.request.company_number
    )
    if application.verification is not None and organization.company_number == given:
        company_checks.record(
            organization=organization, verification=application.verification, now=now
        )


def _record_registered(organization: Organization, *, now: dt.datetime) -> None:
    events.record(
        type="organization.registered",
        kind="organization",
        object_id=organization.pk,
        organization_id=organization.pk,
        data={"name": organization.name},
        now=now,
    )
