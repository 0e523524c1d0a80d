"""What the desk's pages share: safe lists, one way to render a page, and how to reach a patient."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from clinic.lib.email_addresses import suggested_address
from clinic.lib.http import parse_pk
from clinic.lib.telephone import digits_of, is_odd, phone_address
from contact.models import Enquiry
from contact.models.enquiry import as_reference

# The query parameter in which Django's admin passes a list's own filters along.
LIST_FILTERS = "_changelist_filters"


def usable_query(address: QueryDict) -> QueryDict:
    """Return the query string without empty fields, and without NUL, which PostgreSQL refuses."""
    usable = QueryDict(mutable=True)
    usable.update({name: str(value) for name, value in address.items() if value and "\0" not in f"{name}{value}"})
    return usable


class DeskAdmin(admin.ModelAdmin):
    """Django passes a list's filters and selection on to the database as they come, and fails on what is unusable."""

    heading = ""
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        usable = usable_query(request.GET)
        if request.method == "GET" and len(usable) != len(request.GET):
            return HttpResponseRedirect(f"{request.path}?{usable.urlencode()}")
        response = super().changelist_view(request, {"title": self.heading, **(extra_context or {})})
        if shown := (getattr(response, "context_data", None) or {}).get("cl"):
            self.record_shown(request, shown)
        return response

    def record_shown(self, request: HttpRequest, shown: ChangeList) -> None:
        """Record the enquiries that a list shows."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Any], bool]:
        """Find a reference however it is typed."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if reference := as_reference(search_term):
            found |= super().get_search_results(request, queryset, reference)[0]
        return found, may_have_duplicates

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Name the inputs of columns that are edited in the list, which their headings do not do."""
        formset = super().get_changelist_formset(request, **kwargs)
        for name in self.list_editable:
            field = formset.form.base_fields[name]
            field.widget.attrs["aria-label"] = field.label
        return formset

    def page(
        self, name: str, route: str, view: Callable[..., HttpResponseBase], methods: list[str], permission: str
    ) -> URLPattern:
        """Return the address of a page beside the list, for those who have the permission."""
        view = permission_required(permission, raise_exception=True)(require_http_methods(methods)(view))
        return path(route, self.admin_site.admin_view(view), name=f"contact_{self.opts.model_name}_{name}")

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        posted: Any = request.POST.copy()
        ids = [pk for pk in posted.getlist(ACTION_CHECKBOX_NAME) if parse_pk(pk) is not None]
        posted.setlist(ACTION_CHECKBOX_NAME, ids)
        request.POST = posted
        return super().response_action(request, *args, **kwargs)


class FixedAdmin(DeskAdmin):
    """No one adds a row by hand or deletes one, not even a superuser."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(FixedAdmin):
    """A list and its rows, for those with the permission to view them."""

    list_per_page = 50
    actions: Any = None

    class Media:
        css = {"all": ["contact/cards.css", "contact/records.css"]}

    @admin.display(description="when", ordering="at")
    def when(self, row: Any) -> str:
        """Return the second of its `at`, for records that count."""
        return date_format(timezone.localtime(row.at), "F j, Y, H:i:s")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def render_page(
    model_admin: ModelAdmin, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> TemplateResponse:
    """Render a template from `admin/contact/` with what every page of the admin needs."""
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, f"admin/contact/{template}", shared | context, status=status)


def list_query(request: HttpRequest) -> str:
    """Return the query string, such as `?_changelist_filters=…`, that leads back to the list the user came from."""
    filters = request.GET.get(LIST_FILTERS, "")
    return f"?{urlencode({LIST_FILTERS: filters})}" if filters else ""


def contact_options(enquiry: Enquiry, *, with_suggestion: bool = True) -> list[dict[str, Any]]:
    """Return how the patient can be reached, the preferred way first; a list leaves out likely corrections.

    `url` dials or opens the mail program; `dialled` is the number where it differs from what was typed.
    """
    number, subject = enquiry.phone_normalised or enquiry.phone, quote(f"Your enquiry {enquiry.reference}")
    phone: dict[str, Any] = {"kind": "phone", "typed": enquiry.phone, "url": phone_address(number)}
    url = f"mailto:{quote(enquiry.email, safe='@')}?subject={subject}"
    email = {"kind": "email", "typed": enquiry.email, "url": url}
    if with_suggestion:
        phone["dialled"] = number if digits_of(number) != digits_of(enquiry.phone) else ""
        phone["is_undiallable"] = is_odd(enquiry.phone)
        email["suggested"] = suggested_address(enquiry.email)
    given = [way | {"is_preferred": way["kind"] == enquiry.preferred_contact} for way in (phone, email) if way["typed"]]
    return sorted(given, key=lambda way: not way["is_preferred"])
