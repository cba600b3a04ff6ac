"""The diffusion model that makes the amplified pairs: its base, how it learns and draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeGuard, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    model_validator,
)

from paretint.config.base import Float, Int, Model, Scalar, problem
from paretint.config.recipe import AMPLIFIER, LAMBDAS, LEARNING_RATE

LearningRate = Annotated[Float, Field(ge=LEARNING_RATE.low, le=LEARNING_RATE.high)]
Lambda = Annotated[Float, Field(ge=0, le=2)]
Part = Literal["face", "lips", "eyes"]
"""The masks whose sum is M_changed."""


def _split(raw: Any) -> Any:
    return raw.split("+") if isinstance(raw, str) else raw


Parts = Annotated[tuple[Part, ...], Field(min_length=1), BeforeValidator(_split)]
"""A list of parts, or one text as a search space has it: lips+eyes."""

_TIMES = 1000
"""Noise levels that the bases were trained with."""


class Gate(Model):
    """How far an amplified pair may be from the source pairs before it is rejected.

    outside: share of the squared change outside the makeup's mask; identity: structure lost
    beyond what the source pairs' makeup hides, 0..1; residual: distance of the colour change from
    the nearest source pair's, relative to the size of the style's mean change.
    """

    outside: Float = Field(default=0.2, ge=0, le=1)
    identity: Float = Field(default=0.1, ge=0, le=1)
    residual: Float = Field(default=2.0, gt=0)


class Amplifier(Model):
    """How a base learns a style and draws with it, whichever base it is.

    steps: denoising steps; regions: what makeup may change; gate: what rejects a pair, null for
    nothing; part: images written at once.
    """

    fine_tune_steps: Int = Field(ge=0)
    learning_rate: LearningRate
    batch: Int = Field(ge=1)
    steps: Int = Field(default=2, ge=1, le=_TIMES)
    lambda_makeup: Lambda = 1.0
    lambda_detail: Lambda = 0.8
    regions: Parts = ("face", "lips", "eyes")
    gate: Gate | None = Gate()
    part: Int = Field(default=50, ge=1)


class RdmSmall(Amplifier):
    """The pixel-space base. weights: a file of its own, default those that ship."""

    base: Literal["rdm-small"] = "rdm-small"
    weights: str | None = Field(default=None, min_length=1)


class Adapter(Model):
    """What is fine-tuned: small matrices beside the attention's (LoRA), or the whole U-Net."""

    kind: Literal["lora", "full"] = "lora"
    rank: Int = Field(default=4, ge=1, le=1024)


class StableDiffusion(Amplifier):
    """Stable Diffusion 1.5, steered by image tokens in place of text.

    weights, image_encoder: a folder, or a hub id with the subfolder behind it; inversion: how a
    photo becomes noise, by running the sampler backwards or by adding noise; noising: how far, as
    a share of the noise levels; guidance: of the makeup branch; precision: of the weights and of
    the drawing, fp16 unless the machine is better at another.
    """

    base: Literal["stable-diffusion"]
    weights: str = Field(default="stable-diffusion-v1-5/stable-diffusion-v1-5", min_length=1)
    image_encoder: str = Field(default="h94/IP-Adapter/models/image_encoder", min_length=1)
    adapter: Adapter = Adapter()
    inversion: Literal["ddim", "sdedit"] = "ddim"
    steps: Int = Field(default=3, ge=1, le=_TIMES)
    noising: Float = Field(default=0.3, gt=0, le=1)
    guidance: Float = Field(default=2.5, ge=0)
    precision: Literal["fp32", "fp16", "bf16"] = "fp16"

    @model_validator(mode="after")
    def _noise_levels_suffice(self) -> Self:
        levels = int(_TIMES * self.noising)
        if self.steps > levels:
            raise problem(
                f"noising {self.noising:g} has {levels} levels, fewer than steps", "steps"
            )
        return self


def _base(raw: Any) -> Any:
    if isinstance(raw, dict):
        return raw.get("base", "rdm-small")
    return getattr(raw, "base", None)


AnyAmplifier = Annotated[
    Annotated[RdmSmall, Tag("rdm-small")] | Annotated[StableDiffusion, Tag("stable-diffusion")],
    Discriminator(
        _base,
        custom_error_type="base",
        custom_error_message="should be keys with the base: rdm-small, or stable-diffusion",
    ),
]

Kind = Literal["integer", "number", "text"]


def _knobs(model: type[BaseModel], path: str = "") -> dict[str, Kind]:
    """Return every setting of a model by its dotted path, those of the models in it too."""
    kinds: dict[Any, Kind] = {int: "integer", float: "number"}
    found: dict[str, Kind] = {}
    for name, field in model.model_fields.items():
        inner = [
            each for each in (field.annotation, *get_args(field.annotation)) if _is_model(each)
        ]
        if inner:
            found |= _knobs(inner[0], f"{path}{name}.")
        elif name not in LAMBDAS:
            found[path + name] = kinds.get(field.annotation, "text")
    return found


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


_OF_BASE = {"rdm-small": _knobs(RdmSmall), "stable-diffusion": _knobs(StableDiffusion)}

KNOBS: dict[str, Kind] = {k: kind for knobs in _OF_BASE.values() for k, kind in knobs.items()}
"""Every setting of an amplifier that a search space may vary, with the prefix `amplifier.`."""

_VALIDATE: TypeAdapter[RdmSmall | StableDiffusion] = TypeAdapter(AnyAmplifier)


def is_knob(name: str) -> bool:
    """Whether a parameter of the search is a setting of an amplifier, such as `amplifier.steps`."""
    return name.startswith(AMPLIFIER) and name.removeprefix(AMPLIFIER) in KNOBS


def with_knobs(
    amplifier: RdmSmall | StableDiffusion, knobs: Mapping[str, Scalar]
) -> RdmSmall | StableDiffusion:
    """Return an amplifier with some of its settings, by dotted path, replaced.

    Where `base` is, what every base has is kept; knobs that the base does not have are left out.
    Raises ValidationError for a value that a setting does not take.
    """
    base = str(knobs.get("base", amplifier.base))
    told = amplifier.model_dump()
    if base != amplifier.base:
        told = {key: value for key, value in told.items() if key in Amplifier.model_fields}
    for path, value in knobs.items():
        if path in _OF_BASE.get(base, KNOBS):
            *outer, last = path.split(".")
            node = told
            for step in outer:
                node[step] = dict(node.get(step) or {})
                node = node[step]
            node[last] = value
    return _VALIDATE.validate_python(told)


def accepts(base: str, knob: str) -> bool:
    """Whether a base has a setting."""
    return knob in _OF_BASE.get(base, ())
