"""A checkbox that appears in a form when an answer has to be confirmed, and then stays."""

from wagtail.admin.panels import FieldPanel


class ConfirmationPanel(FieldPanel):
    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            box = self.bound_field  # None where revisions are compared
            return bool(super().is_shown() and box and (box.errors or box.value()))
