from config.api.reads import read_endpoint
from sites_app.api.pictures import imageroom

urlpatterns = [read_endpoint("imageroom", imageroom, name="imageroom")]
