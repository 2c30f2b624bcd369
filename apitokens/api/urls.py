from apitokens.api.usage import UsageView
from apitokens.api.user_info import UserInfoView
from config.api.routing import endpoint

urlpatterns = [
    endpoint("usage", UsageView, name="api-usage"),
    endpoint("user-info", UserInfoView, name="api-user-info"),
]
