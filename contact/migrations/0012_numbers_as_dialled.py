"""Numbers that hold 011 or 00 further on were noted as others; each is read again, and found by what is dialled."""

from django.db import migrations

from contact.finding import words_of
from contact.phones import normalised


def read_again(apps, _schema_editor):
    enquiries = apps.get_model("contact", "Enquiry").objects
    word = apps.get_model("contact", "EnquiryWord")
    for enquiry in enquiries.only("name", "email", "phone", "phone_normalised").iterator():
        if enquiry.phone_normalised != (dialled := normalised(enquiry.phone)):
            enquiries.filter(pk=enquiry.pk).update(phone_normalised=dialled)
        known = set(word.objects.filter(enquiry=enquiry).values_list("word", flat=True))
        missing = words_of(enquiry.name, enquiry.email, enquiry.phone) - known
        word.objects.bulk_create(word(enquiry=enquiry, word=one) for one in sorted(missing))


class Migration(migrations.Migration):
    dependencies = [("contact", "0011_review_of_warning_signs")]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
