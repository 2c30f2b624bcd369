from booking.api import availability, catalogue, icsfeed
from booking.api.check_email import CheckEmailView
from booking.api.find import FindView
from booking.api.meeting_cancellations import MeetingCancelView
from booking.api.meeting_changes import MeetingChangeView, MeetingSeriesRetryView
from booking.api.meeting_requests import MeetingRequestView
from booking.api.meetings import MeetingSeriesView, MeetingView
from booking.api.register import RegisterView
from booking.api.room_prices import RoomPriceView
from booking.api.waitlist import WaitlistView
from config.api.reads import read_endpoint
from config.api.routing import endpoint

urlpatterns = [
    endpoint("check-email", CheckEmailView, name="api-check-email"),
    endpoint("register", RegisterView, name="api-register"),
    endpoint("meeting-request", MeetingRequestView, name="api-meeting-request"),
    endpoint("meeting", MeetingView, name="api-meeting"),
    endpoint("meeting-change", MeetingChangeView, name="api-meeting-change"),
    endpoint("meeting-cancel", MeetingCancelView, name="api-meeting-cancel"),
    endpoint("meeting-series", MeetingSeriesView, name="api-meeting-series"),
    endpoint("meeting-series-retry", MeetingSeriesRetryView, name="api-meeting-series-retry"),
    read_endpoint("sites", catalogue.sites, name="api-sites"),
    read_endpoint("rooms", catalogue.rooms, name="api-rooms"),
    read_endpoint("icsfeed", icsfeed.icsfeed, name="api-icsfeed"),
    read_endpoint("availability", availability.availability, name="api-availability"),
    endpoint("waitlist", WaitlistView, name="api-waitlist"),
    endpoint("find", FindView, name="api-find"),
    endpoint("room-price", RoomPriceView, name="api-room-price"),
]
