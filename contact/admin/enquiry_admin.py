"""Enquiries in the admin: the list, the page of each, and the pages around them. No one adds or deletes one by hand."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

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
            self._page("take", "<path:object_id>/take/", self.take_view, post, change),
            self._page("seen", "<path:object_id>/seen/", self.seen_view, post, change),
            self._page("undo", "undo/<str:batch>/", self.undo_view, post, change),
            self._page("verdict", "<path:object_id>/verdict/", self.verdict_view, post, change),
            self._page("others", "<path:object_id>/others/", self.viewers_view, read, view),
            self._page("reply", "<path:object_id>/reply/", partial(reply_view, self), ["GET", *post], change),
            self._page(
                "resend", "<path:object_id>/resend/<int:message_pk>/", partial(resend_view, self), post,
                "contact.change_message",
            ),
            self._page("who_saw_search", "who-saw/", partial(activity_view, self), read, view_log),
            self._page("who_saw", "who-saw/<str:reference>/", partial(activity_view, self), read, view_log),
            self._page("news", "news/", self.news_view, read, view),
            self._page("settings", "settings/", self.settings_view, read, view),
            self._page("export", "export/", partial(export_view, self), both, "contact.export_enquiry"),
            self._page("numbers", "numbers/", partial(statistics_view, self), read, view),
            self._page("person", "person/", PersonView.as_view(model_admin=self), both, "contact.erase_enquiry"),
            self._page("safeguards", "safeguards/", partial(safeguards_view, self), read, view_log),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def settings_view(self, request: HttpRequest) -> HttpResponse:
        return render_page(self, request, "enquiry/settings.html", {"title": "Settings and records"})

    def _page(
        self, name: str, route: str, view: Callable[..., HttpResponseBase], methods: list[str], permission: str
    ) -> URLPattern:
        view = permission_required(permission, raise_exception=True)(require_http_methods(methods)(view))
        return path(route, self.admin_site.admin_view(view), name=f"contact_enquiry_{name}")
