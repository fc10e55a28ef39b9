"""The WSGI door that the web server opens."""

import os

from django.core.wsgi import get_wsgi_application

from machi.entrances.portal.front import FrontPage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.house.settings")
application = FrontPage(get_wsgi_application())
