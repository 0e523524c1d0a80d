"""A part of a page's editor that shows from the other end what is edited there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.panels import Panel

if TYPE_CHECKING:
    from collections.abc import Mapping


class NamedByPanel(Panel):
    """The pages that name this one, by the attribute `relation`, each with the way to its editor. Nothing to type."""

    def __init__(self, relation: str, **options: Any) -> None:
        super().__init__(**options)
        self.relation = relation

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"relation": self.relation}

    class BoundPanel(Panel.BoundPanel):
        template_name = "clinic/admin/named_by.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            # A page that is not saved yet is named by none.
            pages = getattr(self.instance, self.panel.relation).order_by("path") if self.instance.pk else ()
            return context | {"pages": pages}
