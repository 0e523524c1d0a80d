"""Enquiries in the admin: the list, the page of each, and the pages around them. No one adds or deletes one by hand."""

from functools import partial

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from contact.admin.activity_log import activity_view
from contact.admin.base import render_page
from contact.admin.enquiry_page import EnquiryPageAdmin
from contact.admin.messages import resend_view
from contact.admin.persons import PersonView
from contact.admin.replies import reply_view
from contact.admin.reports import export_view, safeguards_view, statistics_view
from contact.models import Enquiry


@admin.register(Enquiry)
class EnquiryAdmin(EnquiryPageAdmin):
    def get_urls(self) -> list[URLPattern]:
        """Add the pages around the list, each with the permission that it needs."""
        read, post, both = ["GET", "HEAD"], ["POST"], ["GET", "HEAD", "POST"]
        view, change, view_log = "contact.view_enquiry", "contact.change_enquiry", "contact.view_enquiryevent"
        own = [
            self.page("take", "<path:object_id>/take/", self.take_view, post, change),
            self.page("seen", "<path:object_id>/seen/", self.seen_view, post, change),
            self.page("undo", "undo/<str:batch>/", self.undo_view, post, change),
            self.page("verdict", "<path:object_id>/verdict/", self.verdict_view, post, change),
            self.page("others", "<path:object_id>/others/", self.viewers_view, read, view),
            self.page("reply", "<path:object_id>/reply/", partial(reply_view, self), ["GET", *post], change),
            self.page(
                "resend", "<path:object_id>/resend/<int:message_pk>/", partial(resend_view, self), post,
                "contact.change_message",
            ),
            self.page("who_saw_search", "who-saw/", partial(activity_view, self), read, view_log),
            self.page("who_saw", "who-saw/<str:reference>/", partial(activity_view, self), read, view_log),
            self.page("news", "news/", self.news_view, read, view),
            self.page("settings", "settings/", self.settings_view, read, view),
            self.page("export", "export/", partial(export_view, self), both, "contact.export_enquiry"),
            self.page("numbers", "numbers/", partial(statistics_view, self), read, view),
            self.page("person", "person/", PersonView.as_view(model_admin=self), both, "contact.erase_enquiry"),
            self.page("safeguards", "safeguards/", partial(safeguards_view, self), read, view_log),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def settings_view(self, request: HttpRequest) -> HttpResponse:
        return render_page(self, request, "enquiry/settings.html", {"title": "Settings and records"})
