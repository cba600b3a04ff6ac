/* What a page does under the pointer beyond Plotly's own: faces beside the trial that is pointed
   at, bounds that are dragged, and faces before and after held against each other. Sliders and
   links of the page do as much for the keyboard. */

(() => {
  const made = (tag, className) => {
    const element = document.createElement(tag);
    element.className = className;
    element.hidden = true;
    document.body.append(element);
    return element;
  };
  const place = (element, x, y) => {
    element.hidden = false;
    element.style.left = `${Math.max(4, Math.min(x, innerWidth - element.offsetWidth - 4)) + scrollX}px`;
    element.style.top = `${y + scrollY}px`;
  };

  /* Faces below the box that Plotly shows beside a point. */

  const faces = made("div", "peek");

  function peek(hovered) {
    faces.hidden = true;
    const point = hovered.map((hover) => hover?.points[0]).find((each) => each?.customdata?.[2]);
    const box = point && document.querySelector(".hoverlayer .hovertext");
    if (!box) return;
    const { models } = box.closest(".js-plotly-plot").layout.meta;
    const folder = `${models}${encodeURIComponent(point.customdata[1])}/faces/`;
    faces.replaceChildren(
      ...[1, 2].flatMap((number) =>
        ["before", "made-up"].map((kind) => {
          const image = new Image();
          image.src = `${folder}${number}-${kind}.webp`;
          return image;
        }),
      ),
    );
    const { left, top, bottom } = box.getBoundingClientRect();
    place(faces, left, bottom + 76 < innerHeight ? bottom + 4 : top - 76);
  }

  /* A trial that was chosen may be told of out of sight. */

  const trialIn = (query) => new URLSearchParams(query).get("trial");

  let shown = trialIn(location.search);
  const watcher = new MutationObserver(() => inSight() && watcher.disconnect());

  function reach(drawn) {
    const trial = trialIn(drawn?.query);
    const chosen = trial && trial !== shown;
    shown = trial;
    if (chosen && !inSight())
      watcher.observe(document.getElementById("page"), { childList: true, subtree: true });
  }

  function inSight() {
    const panel = document.querySelector(".panel");
    if (panel?.querySelector("h2").textContent !== shown) return false;
    const { top } = panel.getBoundingClientRect();
    if (top < 0 || top > 0.8 * innerHeight) panel.scrollIntoView();
    return true;
  }

  window.dash_clientside = { ...window.dash_clientside, figures: { peek, reach } };

  /* Bounds: shapes of a figure that share the name of a column. */

  const said = made("output", "said");

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".layer-above .shapelayer path");
    const plot = grip?.closest(".js-plotly-plot");
    const { shapes, meta } = plot?.layout ?? {};
    const column = shapes?.[grip.dataset.index]?.name;
    const bound = meta?.bounds?.[column];
    if (!bound) return;
    event.preventDefault();
    event.stopPropagation();
    const parts = [...plot.querySelectorAll(".shape-group")].filter(
      (group) => shapes[group.dataset.index].name === column,
    );
    const area = plot.querySelector(".nsewdrag").getBoundingClientRect();
    const [first, last] = plot.layout[`${bound.axis}axis`].range;
    const upright = bound.axis === "x";
    let value = null;

    const move = ({ clientX, clientY }) => {
      const share = upright
        ? (clientX - area.left) / area.width
        : (area.bottom - clientY) / area.height;
      const asked = first + Math.min(Math.max(share, 0), 1) * (last - first);
      const steps = Math.round((asked - bound.low) / bound.step);
      const near = Math.min(Math.max(bound.low + steps * bound.step, bound.low), bound.high);
      value = Number(near.toPrecision(12));
      const by = upright ? [clientX - event.clientX, 0] : [0, clientY - event.clientY];
      for (const part of parts) {
        part.style.transform = `translate(${by[0]}px, ${by[1]}px)`;
        part.classList.add("dragged");
      }
      said.textContent = `${bound.label} ${value.toLocaleString("en-US")}`;
      place(said, clientX + 12, clientY - 32);
    };
    const end = ({ type }) => {
      for (const [name, handler] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]])
        document.removeEventListener(name, handler);
      for (const part of parts) {
        part.style.transform = "";
        part.classList.remove("dragged");
      }
      said.hidden = true;
      if (type === "pointerup" && value !== null)
        window.dash_clientside.set_props(bound.control, { value });
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  }, true);

  /* Faces before and after: how much of each is uncovered, in percent, of whichever trial. */

  let uncovered = 50;

  function uncover(slider, percent) {
    uncovered = Math.round(Math.min(Math.max(percent, 0), 100));
    document.documentElement.style.setProperty("--at", `${uncovered}%`);
    slider.setAttribute("aria-valuenow", uncovered);
    slider.setAttribute("aria-valuetext", `${uncovered} % before`);
  }

  function uncoverUnder(event) {
    const face = event.target.closest?.(".faces .face");
    if (!face || !(event.buttons & 1)) return;
    const { left, width } = face.getBoundingClientRect();
    uncover(face.closest(".faces"), (100 * (event.clientX - left)) / width);
  }
  document.addEventListener("pointerdown", uncoverUnder);
  document.addEventListener("pointermove", uncoverUnder);

  const steps = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, Home: -100, End: 100 };
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(".faces") || !(event.key in steps)) return;
    event.preventDefault();
    uncover(event.target, uncovered + steps[event.key]);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".faces")) uncover(target, uncovered);
  });
})();
