"""The website's addresses. Whatever stands behind `/k/` is a signed key that no log keeps."""

from django.urls import URLPattern, path

from booking.pages import (
    booking,
    catalogue,
    changing,
    demo,
    developers,
    finding,
    managing,
    registering,
    registration_checks,
    team,
    verifying,
    waiting,
)
from booking.pages.account import account

urlpatterns: list[URLPattern] = [
    path("", catalogue.home, name="home"),
    path("find/", finding.find, name="find"),
    path("sites/", catalogue.sites, name="sites"),
    path("sites/<str:site_id>/", catalogue.site, name="site"),
    path("rooms/<str:room_id>/", catalogue.room, name="room"),
    path("book/", booking.book, name="book"),
    path("book/received/k/<str:key>/", booking.received, name="booking-received"),
    path("booking/k/<str:key>/", managing.manage, name="manage-booking"),
    path("booking/k/<str:key>/cancel/", managing.cancel, name="cancel-booking"),
    path("booking/k/<str:key>/change/", changing.change, name="change-booking"),
    path("booking/k/<str:key>/retry/", changing.retry, name="retry-booking"),
    path("booking/k/<str:key>/calendar.ics", managing.calendar, name="booking-calendar"),
    path("booking/confirm/k/<str:key>/", managing.confirm, name="confirm-booking"),
    path("register/", registering.register, name="register"),
    path("register/check/", registration_checks.check, name="check-registration"),
    path("register/k/<str:key>/", registering.complete_registration, name="complete-registration"),
    path("register/received/k/<str:key>/", registering.received, name="registration-received"),
    path("register/verify/k/<str:key>/", verifying.verify, name="verify-email"),
    path("register/verified/k/<str:key>/", verifying.verified, name="email-verified"),
    path("register/resend/", verifying.resend, name="resend-verification"),
    path("waitlist/", waiting.join, name="join-waitlist"),
    path("waitlist/joined/", waiting.joined, name="waitlist-joined"),
    path("waitlist/k/<str:key>/", waiting.leave, name="leave-waitlist"),
    path("account/", account, name="account"),
    path("account/team/", team.waiting, name="team-waiting"),
    path("account/team/<str:request_id>/", team.decide, name="team-decide"),
    path("team/k/<str:key>/", team.decide_by_link, name="decide-joining"),
    path("developers/", developers.guide, name="developers"),
    path("developers/reference/", developers.reference_index, name="developers-reference"),
    path("developers/reference/<slug:slug>/", developers.endpoint, name="developers-endpoint"),
    path("developers/<slug:page>/", developers.guide, name="developers-page"),
    path("demo/", demo.demo, name="demo"),
]
