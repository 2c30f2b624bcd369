from apitokens.api import webhooks
from apitokens.api.changes import ChangesView
from apitokens.api.usage import UsageView
from apitokens.api.user_info import UserInfoView
from config.api.routing import endpoint

urlpatterns = [
    endpoint("changes", ChangesView, name="api-changes"),
    endpoint("usage", UsageView, name="api-usage"),
    endpoint("user-info", UserInfoView, name="api-user-info"),
    endpoint("webhooks", webhooks.WebhooksView, name="api-webhooks"),
    endpoint("webhooks/deliveries", webhooks.DeliveriesView, name="api-webhook-deliveries"),
    endpoint("webhooks/replay", webhooks.ReplayView, name="api-webhook-replay"),
    endpoint("webhooks/test", webhooks.TestView, name="api-webhook-test"),
]
