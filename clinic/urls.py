"""Every address of the site; the only module of clinic/ that imports another app."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.documents.views.serve import serve as serve_document
from wagtail.views import serve

from clinic.frontend.stylesheet import serve_stylesheet
from clinic.images.media import serve_picture
from clinic.lib.http import read_only
from clinic.public import views
from clinic.seo import discovery
from clinic.sign_in import steps
from clinic.sign_in.login import LoginView, PasswordResetConfirmView, landing
from contact import urls as contact_urls
from contact.monitoring.health import readiness, worker_health
from contact.monitoring.metrics import metrics

handler500 = "clinic.public.views.server_error"

urlpatterns = [
    path("style-<slug:version>.css", serve_stylesheet, name="stylesheet"),
    path("healthz", views.health, name="health"),
    path("healthz/worker", worker_health, name="worker_health"),
    path("readyz", readiness, name="readiness"),
    path("metrics", metrics, name="metrics"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("llms.txt", discovery.llms, name="llms"),
    path(".well-known/security.txt", discovery.security, name="security"),
    path("search/", views.search, name="search"),
    path("enquiry/", include(contact_urls)),
    # Signing in to both admins: before their own, and below /admin/, because the pages need its policy.
    path("landing/", landing, name="landing"),
    path("django-admin/login/", LoginView.as_view()),
    path("admin/login/", LoginView.as_view()),
    path("admin/password_reset/confirm/<uidb64>/<token>/", PasswordResetConfirmView.as_view()),
    path("admin/login/code/", steps.code, name="second_step_code"),
    path("admin/login/set-up/", steps.set_up, name="second_step_set_up"),
    path("admin/login/leave/", LogoutView.as_view(next_page="wagtailadmin_login"), name="leave_second_step"),
    path("admin/login/mine/", steps.mine, name="second_step"),
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/<str:document_filename>", read_only(serve_document)),
    path("documents/", include(wagtaildocs_urls)),
    *([path("media/images/<str:name>", serve_picture)] if settings.SERVE_MEDIA else []),
    # Pages take nothing in: they answer “not allowed” to a POST, not “please send it again”.
    re_path(wagtail_urls.serve_pattern, csrf_exempt(serve), name="wagtail_serve"),
    path("", include(wagtail_urls)),
]
