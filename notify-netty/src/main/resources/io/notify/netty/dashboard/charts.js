// Lines over time: drawn on a canvas, told in words to whom cannot see it.
import { html, useEffect, useRef, useState } from "./preact.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const HEIGHT = 190;
/** A chart that has just begun is not stretched over its whole width. */
const MIN_SPAN_S = 60;

/** Calls back when the page's colours change, by the system or by the button. */
export function onTheme(act) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", act);
  addEventListener("notify-theme", act);
  return () => {
    system.removeEventListener("change", act);
    removeEventListener("notify-theme", act);
  };
}

/** A colour as it comes out here and now; a canvas knows no variables. */
function colour(element, name) {
  const probe = document.createElement("span");
  probe.className = `ink-${name}`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function faded(rgb, share) {
  return rgb.replace("rgb(", "rgba(").replace(")", `, ${share})`);
}

/**
 * `series` are {label, ink, values, text?}; `times` seconds since 1970; `format` writes a value.
 */
export function Chart({ title, times, series, format, empty }) {
  const frame = useRef(null);
  const plot = useRef(null);
  const [at, setAt] = useState(null);
  const [theme, setTheme] = useState(0);
  const ready = times.length > 1;

  useEffect(() => onTheme(() => setTheme((n) => n + 1)), []);

  useEffect(() => {
    if (!ready) {
      return undefined;
    }
    const element = frame.current;
    const axis = { stroke: colour(element, "soft"), font: "11px system-ui, sans-serif", ticks: { show: false } };
    const grid = { stroke: faded(colour(element, "soft"), 0.18), width: 1 };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        padding: [8, 4, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: {
          x: { range: (u, min, max) => [Math.min(min, max - MIN_SPAN_S), max] },
          y: { range: (u, min, max) => [0, max > 0 ? max * 1.15 : 1] },
        },
        axes: [
          { ...axis, grid: { show: false }, space: 80, size: 26, values: (u, ticks) => ticks.map((s) => CLOCK.format(s * 1000)) },
          { ...axis, grid, size: 52, space: 36, values: (u, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          ...series.map((s) => {
            const stroke = colour(element, s.ink);
            return { label: s.label, stroke, fill: faded(stroke, 0.08), width: 1.75, points: { show: false }, spanGaps: false };
          }),
        ],
        hooks: { setCursor: [(u) => setAt(u.cursor.idx ?? null)] },
      },
      [times, ...series.map((s) => s.values)],
      element,
    );
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [ready, theme]);

  useEffect(() => plot.current?.setData([times, ...series.map((s) => s.values)]), [times]);

  const index = at !== null && at < times.length ? at : times.length - 1;
  const now = (s) => (index >= 0 && s.values[index] !== null && s.values[index] !== undefined ? format(s.values[index]) : "–");
  const words = series.map((s) => `${s.label} ${now(s)}`).join(", ");
  return html`<figure class="card chart">
    <figcaption>
      <h2>${title}</h2>
      <ul class="legend">
        ${series.map((s) => html`<li key=${s.label}>
          <span class="swatch ink-${s.ink}" aria-hidden="true"></span>${s.label} <b>${now(s)}</b>
        </li>`)}
      </ul>
    </figcaption>
    <div ref=${frame} class="plot" role="img" aria-label="${title}, last five minutes. ${ready ? `Now: ${words}.` : "No figures yet."}">
      ${!ready && html`<p class="plot-empty">${empty ?? "The first figures come in a second."}</p>`}
    </div>
  </figure>`;
}
