"""Forms as designers draw them (form-js JSON): read, check, describe for given values, validate what was submitted."""

from engine.forms.form import Form, Validated
from engine.forms.model import Component, Option
from engine.forms.paths import nest
from engine.forms.reader import read
from engine.forms.state import ComponentState, FormState

__all__ = ["Component", "ComponentState", "Form", "FormState", "Option", "Validated", "nest", "read"]
