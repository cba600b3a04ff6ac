"""What a reader sets on a page; the settings lie in the page's address."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from paretint.dashboard.blocks import components
from paretint.dashboard.state import State

CONTROLS = "controls"
"""The class of a block of controls; a file that no server stands behind has none of them."""


@dataclass(frozen=True)
class Select:
    """One of some values, with what each is called. ``name`` is its own in the address."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str

    def parse(self, text: str) -> str:
        """``text``, where it is one of the values; else ValueError."""
        if text not in self.options:
            raise ValueError("no such choice")
        return text

    def draw(self, value: str) -> Component:
        """The control, set to ``value``."""
        return dcc.Dropdown(
            id=setting_id(self),
            options=[{"value": key, "label": text} for key, text in self.options.items()],
            value=value,
            clearable=False,
            searchable=len(self.options) > 12,
        )


@dataclass(frozen=True)
class Slider:
    """A number, usually from ``low`` to ``high``, in steps."""

    name: str
    label: str
    low: float
    high: float
    step: float
    default: float

    def parse(self, text: str) -> float:
        """The number, also one beyond the ends: these move with a ledger; else ValueError."""
        try:
            value = float(text)
        except ValueError:
            raise ValueError("no number") from None
        if not math.isfinite(value):
            raise ValueError("no number")
        return value

    def draw(self, value: float) -> Component:
        """The control, set to ``value`` or to the end that is nearest."""
        return dcc.Slider(
            id=setting_id(self),
            min=self.low,
            max=self.high,
            step=self.step,
            value=min(max(value, self.low), self.high),
            marks=None,
        )


Control = Select | Slider


def controls(state: State, shown: Sequence[Control]) -> Component:
    """A block of controls, set as ``state`` says."""
    return html.Div([_labelled(control, state) for control in shown], className=CONTROLS)


def _labelled(control: Control, state: State) -> Component:
    value: Any = state.read(control)
    drawn: Component = control.draw(value)
    return html.Fieldset([html.Legend(control.label), drawn])


def settings(node: Any) -> Iterator[Component]:
    """The controls in a component, in their order; not what a page made by hand."""
    yield from (part for part in components(node) if _is_setting(getattr(part, "id", None)))


def _is_setting(name: Any) -> bool:
    return isinstance(name, dict) and name.keys() == {"control", "default"}


def setting_text(value: str | float) -> str:
    """A control's value as the address says it."""
    return value if isinstance(value, str) else f"{value:.12g}"


def setting_id(control: Control) -> dict[str, str]:
    """The id of a control: what writes it to the address must know what need not be said."""
    return {"control": control.name, "default": setting_text(control.default)}
