"""Forms for uploading pictures: each is cleaned when it is uploaded, or refused with a message at its field.

Pictures of other routes (code, uploads that Wagtail kept aside) are cleaned when their image is saved, and at
the latest by the storage, ``monographs.core.upload_storage``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.signals import pre_save
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.images import get_image_model
from wagtail.images.forms import BaseImageForm

from monographs.core.clean_image import CleanImage, ImageRefused, clean_image


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

    def full_clean(self) -> None:
        """Validate the form. Wagtail's view does so again, after the file was read, to show the errors."""
        for file in self.files.values():
            file.seek(0)
        super().full_clean()

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


def clean_new_file(instance: Any, **_kwargs: Any) -> None:
    """Clean the file of an image before it is stored, so that width and height are the clean file's."""
    file = instance.file
    if file and not file._committed and not isinstance(file.file, CleanImage):
        instance.file = clean_image(file.file, file.name)
    elif file and instance._state.adding:
        instance._meta.get_field("file").update_dimension_fields(instance, force=True)


def clean_pictures() -> None:
    """Replace the form of Wagtail's account panel, and clean the file of every image that is saved."""
    AvatarSettingsPanel.form_class = CleanAvatarForm
    AvatarSettingsPanel.template_name = "accounts/avatar_panel.html"  # Wagtail's shows no errors
    pre_save.connect(clean_new_file, sender=get_image_model(), dispatch_uid="clean_new_file")
