from __future__ import annotations

import json
import re

import plotly.graph_objects as go
import pytest
from dash import dcc, html

from paretint.dashboard import graph, live, table, to_html


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (None, ""),
        ("a < b & c", "a &lt; b &amp; c"),
        ([1, html.Br(), 2.5], "1<br>2.5"),
        (html.P(["x", html.B("y")], className="c"), '<p class="c">x<b>y</b></p>'),
        (html.A("x", href='"><script>'), '<a href="&quot;&gt;&lt;script&gt;">x</a>'),
        (html.Td("x", colSpan=2, style={"fontSize": "2px", "--depth": "1"}),
         '<td colspan="2" style="font-size: 2px; --depth: 1">x</td>'),
        (html.Details("x", open=True), '<details open="open">x</details>'),
        (html.P("x", hidden=False), "<p>x</p>"),
    ],
)  # fmt: skip
def test_components_become_escaped_html(node: object, text: str) -> None:
    assert to_html(node) == text


def test_a_graph_becomes_its_place_and_its_figure_as_json() -> None:
    figure = go.Figure(go.Scatter(x=[1], y=[2], text=["</script><script>x()</script>"]))
    text = to_html(graph("mine", figure, "caption"))
    assert '<div id="mine" class="plot" style="height: 480px"></div>' in text
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', text)
    assert json.loads(data)["data"][0]["text"] == ["</script><script>x()</script>"]
    assert "x()</script><" not in text


def test_what_a_server_has_to_answer_is_left_out() -> None:
    page = [live(html.P("drag")), html.Td(dcc.Link("t0001", href="/x"))]
    assert to_html(page) == "<td>t0001</td>"


def test_a_graph_that_sets_something_keeps_its_name() -> None:
    assert '<div id="mine" class="plot"' in to_html(graph("mine", go.Figure(), "", sets="trial"))


def test_a_control_needs_a_server() -> None:
    with pytest.raises(TypeError, match="Dropdown needs a server"):
        to_html(html.Div(dcc.Dropdown(["a"])))


def test_a_tables_first_column_names_its_rows() -> None:
    text = to_html(table(["trial", "PSNR"], [["t0001", "36.9"]]))
    assert '<th scope="row">t0001</th><td>36.9</td>' in text
