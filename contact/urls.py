"""Below /enquiry/."""

from django.urls import path

from contact.form import views

urlpatterns = [
    path("", views.enquiry, name="enquiry"),
    path("privacy/", views.privacy_notice, name="privacy_notice"),
    path("privacy/<slug:version>/", views.privacy_notice, name="earlier_privacy_notice"),
    path("sent/<str:signed>/", views.receipt, name="enquiry_receipt"),
]
