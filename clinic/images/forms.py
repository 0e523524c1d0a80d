"""The admin form of an image: it stores a normal copy of the picture, and keeps it while something else is missing."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.models import UploadedFile as StoredUpload

from clinic.images.originals import normalise
from clinic.models import ClinicImage

LONGEST_NAME = 80
FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


class PictureField(WagtailImageField):
    def to_python(self, data: Any) -> File[bytes] | None:
        """Overwrite the uploaded file with its normal copy, so that no view can store what was uploaded."""
        upload: File[bytes] | None = forms.FileField.to_python(self, data)
        if not isinstance(upload, UploadedFile) or upload.file is None:
            return upload
        self.check_image_file_size(upload)
        content, extension = normalise(upload.file)
        upload.file.seek(0)
        upload.file.truncate()
        upload.file.write(content)
        upload.file.flush()
        upload.file.seek(0)
        upload.size = len(content)
        upload.content_type = "image/png" if extension == "png" else "image/jpeg"
        upload.name = f"{PurePath(upload.name or '').stem[:LONGEST_NAME] or 'picture'}.{extension}"
        return upload


class ClinicImageForm(BaseImageForm):
    # The number of the stored upload, when the form comes back because the description or something else is missing.
    stored_upload = forms.IntegerField(required=False, widget=forms.HiddenInput)

    instance: ClinicImage
    data: Any
    files: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        # The fields are Wagtail's; the description may be empty there.
        help_text = "Required unless the picture is decorative: what it shows, for people who cannot see it."
        self.fields["description"].help_text = help_text
        if "file" in self.fields:
            field = self.fields["file"]
            self.fields["file"] = PictureField(label=field.label, required=field.required, widget=field.widget)
            if self.instance.is_set_aside:
                self.fields["file"].help_text = "The stored file cannot be read: choose the picture again."
            self.stored = self.find_stored()
            if self.stored and self.add_prefix("file") not in self.files:
                name = PurePath(self.stored.file.name).name
                self.files = {**self.files, self.add_prefix("file"): File(self.stored.file.file, name=name)}

    def find_stored(self) -> StoredUpload | None:
        number = str(self.data.get(self.add_prefix("stored_upload")) or "")
        return StoredUpload.objects.filter(**self.owner, pk=number).first() if number.isdecimal() else None

    @property
    def owner(self) -> dict[str, Any]:
        return {"for_content_type": ContentType.objects.get_for_model(self._meta.model), "uploaded_by_user": self.user}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        is_new_file = self.instance.pk and isinstance(cleaned.get("file"), UploadedFile)
        if is_new_file and not set(FOCAL_POINT) & set(self.changed_data):
            cleaned |= dict.fromkeys(FOCAL_POINT)  # it was that of the old picture
        return cleaned

    def full_clean(self) -> None:
        """Keep an accepted file when something else is missing, as Wagtail's own view of many uploads does."""
        super().full_clean()
        if not self.is_bound or not self._errors or "file" not in self.fields or "file" in self._errors:
            return
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile) and isinstance(self.data, QueryDict):  # that view passes a dictionary
            self.stored = StoredUpload.objects.create(**self.owner, file=upload)
            self.data = self.data.copy()
            self.data[self.add_prefix("stored_upload")] = str(self.stored.pk)
        if self.stored:
            self.fields["file"].required = False
            self["file"].help_text = "Your picture is uploaded: there is no need to choose it again."

    def save(self, commit: bool = True) -> ClinicImage:
        if "file" in self.changed_data:
            self.instance.failed_attempts = 0
        image: ClinicImage = super().save(commit=commit)
        stored = getattr(self, "stored", None)
        if commit and stored:
            stored.file.delete(save=False)
            stored.delete()
        return image
