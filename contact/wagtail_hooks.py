"""What enquiries add to the Wagtail admin: how many are waiting, and the yearly review of the warning signs."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from clinic.admin.dashboard import HOOK, DashboardItem
from clinic.admin.site import repeat_page
from clinic.lib.http import parse_pk
from clinic.public.views import WARNING_SIGNS
from clinic.wagtail_hooks import PermittedMenuItem
from contact.models import DeskSettings, Enquiry, Share
from contact.models.enquiry import UNDECIDED
from contact.screening import review
from contact.screening.warning_signs import find_warning_signs
from contact.workflow import sharing
from contact.workflow.overview import overview
from contact.workflow.updates import colleagues, display_name, update_enquiry

# The public search shows the emergency wording first, as the form does.
hooks.register(WARNING_SIGNS, find_warning_signs)


@hooks.register(HOOK, order=10)
def waiting_enquiries(person: User) -> list[DashboardItem]:
    if not person.has_perm(settings.DESK_PERMISSION):
        return []
    now = overview(person)
    if not (waiting := now["waiting"]):
        return []
    name = "1 enquiry" if waiting == 1 else f"{waiting} enquiries"
    why = "Waiting at the desk" + (f"; {now['overdue']} past the promised time" if now["overdue"] else "")
    return [DashboardItem(name, reverse("admin:index"), why)]


@hooks.register(HOOK, order=5)
def shared_enquiries(person: User) -> list[DashboardItem]:
    return [
        DashboardItem(
            f"A colleague asks you: {share.enquiry.reference}",
            reverse(sharing.ADDRESS, args=[share.enquiry.reference]),
            f"Shared by {display_name(share.by, 'the desk')} until {share.until:%B %-d}",
        )
        for share in sharing.current_shares().filter(user=person.pk)
    ]


@hooks.register(HOOK, order=20)
def warning_signs(person: User) -> list[DashboardItem]:
    """Remind people of the yearly review, and of naming the physiotherapist responsible for the list."""
    reviews, names = person.has_perm(review.PERMISSION), person.has_perm("contact.change_desksettings")
    if not (reviews or names):
        return []
    desk, needs = DeskSettings.load(), []
    if reviews and (why := review.why_due(desk)):
        needs.append(DashboardItem("Warning signs", reverse(review.ADDRESS), why))
    if names and desk.red_flags_owner_id is None:
        address = reverse("wagtailsettings:edit", args=["contact", "desksettings"])
        needs.append(
            DashboardItem("Enquiry desk", address, "Name the physiotherapist responsible for the warning signs")
        )
    return needs


@hooks.register("before_edit_user")
def ask_who_takes_over(request: HttpRequest, person: User) -> HttpResponse | None:
    """Ask to whom the open enquiries of a colleague go who is being deactivated."""
    is_leaving = request.method == "POST" and person.is_active and "is_active" not in request.POST
    if not is_leaving or person == request.user or "hand_over_to" in request.POST:
        return None
    if not (count := Enquiry.objects.filter(assigned_to=person.pk, status__in=UNDECIDED).count()):
        return None
    staff = [(one.pk, display_name(one)) for one in colleagues() if one.pk != person.pk]
    title = f"Who takes over from {display_name(person)}?"
    return repeat_page(request, {"title": title, "asks": "colleague", "colleagues": staff, "count": count})


@hooks.register("before_bulk_action")
def ask_on_their_own_pages(request: HttpRequest, action: str, people: list[User], _view: object) -> HttpResponse | None:
    """Refuse to deactivate several people at once where the question of `ask_who_takes_over` has to be asked."""
    if action != "set_active_state" or request.POST.get("mark_as_active") != "False":
        return None
    assigned = Enquiry.objects.filter(assigned_to__in=people, status__in=UNDECIDED).values("assigned_to")
    asked = Share.objects.current().filter(user__in=people).values("user")
    if not (names := ", ".join(display_name(one) for one in User.objects.filter(Q(pk__in=assigned) | Q(pk__in=asked)))):
        return None
    messages.error(
        request, f"Deactivate {names} on their own page: it asks who takes over, and ends what is shared with them."
    )
    return HttpResponseRedirect(reverse("wagtailusers_users:index"))


@hooks.register("after_edit_user")
def hand_over(request: HttpRequest, person: User) -> None:
    if person.is_active:
        return
    for share in Share.objects.current().filter(user=person.pk):
        sharing.end_share(share, request)
    if "hand_over_to" in request.POST:
        pk = parse_pk(request.POST["hand_over_to"])
        for enquiry in Enquiry.objects.filter(assigned_to=person.pk, status__in=UNDECIDED):
            update_enquiry(enquiry, request, assigned_to=colleagues().filter(pk=pk).first() if pk else None)


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    """For those who may review the list, whether or not they may see an enquiry."""
    url = reverse(review.ADDRESS)
    return PermittedMenuItem(
        review.PERMISSION, "Warning signs", url, name="warning-signs", icon_name="warning", order=700
    )


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("warning-signs/", review.ReviewView.as_view(), name=review.ADDRESS),
        path("shared-enquiries/<str:reference>/", sharing.SharedEnquiryView.as_view(), name=sharing.ADDRESS),
    ]
