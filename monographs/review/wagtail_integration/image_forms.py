"""Forms for uploading pictures: each is cleaned when it is uploaded, or refused with a message at its field.

Pictures of other routes (code, uploads that Wagtail kept aside) are cleaned by the storage,
``monographs.core.upload_storage``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.images.forms import BaseImageForm

from monographs.core.clean_image import ImageRefused, clean_image


class CleanImageForm(BaseImageForm):
    """Base of every form for images; named in ``WAGTAILIMAGES_IMAGE_FORM_BASE``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].help_text = (
                f"{self.fields['file'].help_text} Only the first picture of an animation is kept, and none "
                "of the camera's data."
            )

    def clean_file(self) -> Any:
        """Return the picture as a clean file."""
        return cleaned(self.cleaned_data["file"])


class CleanAvatarForm(AvatarPreferencesForm):
    """The form for a profile picture."""

    def clean_avatar(self) -> Any:
        """Return the picture as a clean file of the size that Wagtail shows."""
        self.cleaned_data["avatar"] = cleaned(self.cleaned_data.get("avatar"))
        return super().clean_avatar()


def cleaned(file: Any) -> Any:
    """Return a file that was uploaded now as a clean picture, and anything else as it is."""
    if not isinstance(file, UploadedFile):
        return file
    try:
        return clean_image(file, file.name or "picture")
    except ImageRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


def clean_profile_pictures() -> None:
    """Replace the form of Wagtail's account panel."""
    AvatarSettingsPanel.form_class = CleanAvatarForm
