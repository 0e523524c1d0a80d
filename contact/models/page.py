"""The contact page: the editor's words around the form. The form itself needs no page."""

from wagtail.fields import StreamField
from wagtail.search import index

from clinic.blocks import StoryBlock
from clinic.models.base import StoryPage


class ContactPage(StoryPage):
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ()
    schema_type = "ContactPage"
    shows_enquiry_form = True

    body = StreamField(StoryBlock(), blank=True, help_text="Shown above the enquiry form.")
    after_form = StreamField(StoryBlock(), blank=True, help_text="Shown below the enquiry form.")

    content_panels = [*StoryPage.content_panels, "after_form"]
    search_fields = [*StoryPage.search_fields, index.SearchField("after_form")]
