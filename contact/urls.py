"""Below /enquiry/."""

from django.urls import path

from contact.form import views
from contact.privacy_notice import views as privacy_notice

urlpatterns = [
    path("", views.enquiry, name="enquiry"),
    path("privacy/", privacy_notice.current, name="privacy_notice"),
    path("privacy/<slug:version>/", privacy_notice.kept, name="kept_privacy_notice"),
    path("sent/<str:signed>/", views.receipt, name="enquiry_receipt"),
]
