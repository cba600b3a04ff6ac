"""Dash components as plain HTML, for a file that needs no server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import plotly.io
from dash import dcc
from dash.development.base_component import Component

from paretint.dashboard.blocks import LIVE
from paretint.dashboard.controls import CONTROLS

_NAMES = {"className": "class", "htmlFor": "for"}
_PLACE = ("id", "className", "style")
_VOID = {"br", "hr", "img", "input"}
_SERVED = {CONTROLS, LIVE}


def to_html(node: Any) -> str:
    """``node``, a Dash component, text, a number, None or a list of these, as HTML.

    Every text is escaped. A graph, complete as `Page.blocks` has it, becomes an empty place
    followed by its figure as JSON, for a script to draw, a link to another page its text, and what
    a server has to answer is left out.

    Raises:
        TypeError: a component that only works with a server behind it.
    """
    if node is None:
        return ""
    if isinstance(node, dcc.Graph):
        return _graph(node)
    if isinstance(node, dcc.Link):
        return to_html(_props(node)["children"])
    if isinstance(node, Component):
        return _element(node)
    if isinstance(node, Iterable) and not isinstance(node, str):
        return "".join(to_html(child) for child in node)
    return escape(str(node))


def _element(node: Component) -> str:
    if getattr(node, "_namespace", None) != "dash_html_components":
        raise TypeError(f"{type(node).__name__} needs a server; a report cannot hold it")
    tag = type(node).__name__.lower()
    props = _props(node)
    if props.get("className") in _SERVED:
        return ""
    content = to_html(props.pop("children", None))
    opening = f"<{tag}{_attributes(props)}>"
    return opening if tag in _VOID else f"{opening}{content}</{tag}>"


def _props(node: Component) -> dict[str, Any]:
    plain: dict[str, Any] = node.to_plotly_json()  # type: ignore[no-untyped-call]
    return dict(plain["props"])


def _attributes(props: Mapping[str, Any]) -> str:
    return "".join(_attribute(name, value) for name, value in props.items())


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if name == "style":
        value = "; ".join(f"{_kebab(key)}: {item}" for key, item in value.items())
    attribute = _NAMES.get(name, name.lower())
    return f' {attribute}="{escape(attribute if value is True else str(value))}"'


def _kebab(key: str) -> str:
    return key if key.startswith("--") else re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", key)


def _graph(node: dcc.Graph) -> str:
    props = _props(node)
    figure = json.loads(plotly.io.to_json(props["figure"], validate=False))
    figure["config"] = props["config"]
    # The one way out of a script element is its closing tag, which begins with this character.
    text = json.dumps(figure).replace("<", "\\u003c")
    if isinstance(props["id"], dict):
        props["id"] = props["id"].get("graph")
    place = f"<div{_attributes({name: props[name] for name in _PLACE})}></div>"
    return f'{place}<script type="application/json">{text}</script>'
