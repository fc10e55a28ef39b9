"""The city hall without the memory for its front page: what making that page costs."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
