from config.api.openapi import SchemaView
from config.api.routing import endpoint

urlpatterns = [endpoint("schema", SchemaView, name="api-schema")]
