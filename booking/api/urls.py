from booking.api.availability import AvailabilityView
from config.api.routing import endpoint

urlpatterns = [
    endpoint("availability", AvailabilityView, name="api-availability"),
]
