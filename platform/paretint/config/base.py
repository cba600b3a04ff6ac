"""What every model of a config has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from paretint.config.hints import did_you_mean
from paretint.errors import UserError

Int = Annotated[int, Strict()]
"""A whole number; neither `true`, nor `5.0`, nor `"5"`."""

Float = Annotated[float, Strict()]
"""A finite number; neither `true` nor `"0.5"`."""

Scalar = Int | Float | StrictStr
"""A value of a recipe's parameter."""

Value = TypeVar("Value")


def problem(text: str, *path: str | int) -> PydanticCustomError:
    """An error to raise in a validator; `path` leads from its value to the part that is wrong."""
    return PydanticCustomError("problem", "{text}", {"text": text, "path": path})


def parsed(parse: Callable[[Any], Value]) -> BeforeValidator:
    """A validator from a function of one raw value that raises `UserError`."""

    def validate(raw: Any) -> Value:
        try:
            return parse(raw)
        except UserError as error:
            raise problem(str(error)) from None

    return BeforeValidator(validate)


class Model(BaseModel):
    """Frozen, finite, and without keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _knows_every_key(cls, raw: Any) -> Any:
        known = {field.alias or name for name, field in cls.model_fields.items()}
        for key in raw if isinstance(raw, dict) else ():
            if key not in known:
                raise problem(f"unknown key {key!r}{did_you_mean(str(key), known)}", key)
        return raw
