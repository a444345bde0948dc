"""TMS's addresses and the bare page's."""

from django.urls import path

from benchmarks.views import bare
from tms_site.urls import handler400, handler403, handler404, handler500
from tms_site.urls import urlpatterns as tms

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("bench/bare/", bare, name="bare"), *tms]
