"""Below /enquiry/."""

from django.urls import path

from contact import views

urlpatterns = [
    path("", views.enquiry, name="enquiry"),
    path("sent/<str:signed>/", views.receipt, name="enquiry_receipt"),
]
