from config.api.reads import read_endpoint
from sites_app.api.countries import countries

urlpatterns = [read_endpoint("countries", countries, name="api-countries")]
