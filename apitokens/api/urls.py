from apitokens.api.user_info import UserInfoView
from config.api.routing import endpoint

urlpatterns = [endpoint("user-info", UserInfoView, name="api-user-info")]
