"""Django's own login, and a page for whoever is logged in."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import path


@login_required
def me(request):
    """Says whose session it is."""
    return HttpResponse(request.user.email)


urlpatterns = [path("login/", LoginView.as_view(template_name="login.html")), path("me/", me)]
