"""What enquiries are found by among 200,000: one row for each word of a name, address or number (`contact/finding.py`).

It holds nothing that the enquiry does not, is written with it, and is deleted with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from contact.models.search_words import LONGEST_WORD, terms_of, words_of

if TYPE_CHECKING:
    from contact.models.enquiry import Enquiry

# A search that finds more than this shows the newest of them; whoever sees so many types more.
MOST_FOUND = 250
LAST_CHARACTER = "\U0010ffff"


class WordField(models.CharField):
    """A word that is looked for by its beginning."""


@WordField.register_lookup
class Begins(models.Lookup):
    """`word__begins="rob"`, by the index: PostgreSQL reads `LIKE` so, SQLite only a range."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        word, parameters = self.process_lhs(compiler, connection)
        return f"({word} >= %s AND {word} < %s)", (*parameters, self.rhs, *parameters, f"{self.rhs}{LAST_CHARACTER}")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        word, parameters = self.process_lhs(compiler, connection)
        return f"{word} LIKE %s", (*parameters, f"{connection.ops.prep_for_like_query(self.rhs)}%")


class EnquiryWordManager(models.Manager["EnquiryWord"]):
    def write(self, enquiry: Enquiry, *, is_new: bool) -> None:
        """Write down what the enquiry is found by, in place of what was there."""
        if not is_new:
            self.filter(enquiry=enquiry).delete()
        self.bulk_create(self.of(enquiry))

    def of(self, enquiry: Enquiry) -> list[EnquiryWord]:
        words = words_of(enquiry.name, enquiry.email, enquiry.phone)
        return [self.model(enquiry=enquiry, word=word) for word in sorted(words)]

    def found(self, typed: str) -> models.QuerySet[Any, Any]:
        """Return the numbers of the newest enquiries that have every word that was typed; none where none was."""
        first, *others = terms_of(typed) or [""]
        rows = self.filter(word__begins=first) if first else self.none()
        for term in others:
            also = self.filter(enquiry=models.OuterRef("enquiry"), word__begins=term)
            rows = rows.filter(models.Exists(also))
        return rows.order_by("-enquiry").values("enquiry")[:MOST_FOUND]


class EnquiryWord(models.Model):
    enquiry = models.ForeignKey("contact.Enquiry", on_delete=models.CASCADE, related_name="+")
    word = WordField(max_length=LONGEST_WORD)

    objects = EnquiryWordManager()

    class Meta:
        verbose_name = "word an enquiry is found by"
        indexes = [
            # The operator classes are PostgreSQL's: its index serves LIKE, whatever the database's language.
            models.Index(
                fields=["word", "enquiry"], name="enquiry_word", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ]

    def __str__(self) -> str:
        # Never the word: it is part of a patient's name.
        return f"word of {self.enquiry_id}"
