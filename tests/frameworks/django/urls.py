"""Django's own login, a page for whoever is logged in, and the pages of the guide."""

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import include, path


@login_required
def me(request):
    """Says whose session it is."""
    return HttpResponse(request.user.email)


urlpatterns = [
    path("login/", LoginView.as_view(template_name="login.html")),
    path("me/", me),
    path("", include("guide_urls")),
    *([path("accounts/", include("allauth.urls"))] if apps.is_installed("allauth") else []),
]
