// One map: to look at a place, or to choose one. Tiles come from the national map; without a network the city's own
// background (a GeoJSON) is what one sees.
import * as maplibre from "maplibre-gl";
import { say } from "./words";

const GSI = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png";
const CREDIT = '<a href="https://maps.gsi.go.jp/development/ichiran.html">国土地理院</a>';
const PIN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 22s8-7.500 8-13A8 8 0 0 0 4 9c0 5.500 8 13 8 13Z"/><circle cx="12" cy="9" r="3"/></svg>';

function style(background: string | undefined): maplibre.StyleSpecification {
  const sources: maplibre.StyleSpecification["sources"] = {
    gsi: { type: "raster", tiles: [GSI], tileSize: 256, minzoom: 5, maxzoom: 18, attribution: CREDIT },
  };
  const layers: maplibre.StyleSpecification["layers"] = [
    { id: "paper", type: "background", paint: { "background-color": "#f4f3ee" } },
  ];
  if (background) {
    sources.own = { type: "geojson", data: background };
    layers.push(
      { id: "areas", type: "fill", source: "own", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#e6eee0" } },
      { id: "lines", type: "line", source: "own", filter: ["==", ["geometry-type"], "LineString"], layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": "#9cc7dd", "line-width": ["interpolate", ["linear"], ["zoom"], 10, 2, 15, 10] } },
    );
  }
  layers.push({ id: "gsi", type: "raster", source: "gsi", paint: { "raster-saturation": -0.35 } });
  if (background) {
    layers.push({ id: "points", type: "circle", source: "own", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": "#fff", "circle-stroke-color": "#00616f", "circle-stroke-width": 2 } });
  }
  return { version: 8, sources, layers };
}

/** What the map's own buttons are called in the language of the page. */
function spoken(): Record<string, string> {
  return {
    "Map.Title": say("map"), "Marker.Title": say("map_mark"),
    "NavigationControl.ZoomIn": say("map_closer"), "NavigationControl.ZoomOut": say("map_farther"),
  };
}

function pin(): HTMLElement {
  const mark = document.createElement("div");
  mark.className = "place-mark";
  mark.innerHTML = PIN;
  return mark;
}

/** Draw the map of `box` (see templates/ui/place.html and place_map.html). Throws where there is no WebGL. */
export function draw(box: HTMLElement): void {
  const { data } = { data: box.dataset };
  maplibre.setWorkerUrl(new URL(data.worker!, location.href).href);
  const canvas = box.querySelector<HTMLElement>(".canvas")!;
  const [lat, lng] = (data.center || "36.02,139.99").split(",").map(Number);
  const fallback = [...canvas.childNodes];
  canvas.replaceChildren();
  let map: maplibre.Map;
  try {
    map = new maplibre.Map({
      container: canvas, style: style(data.background), center: [lng, lat], zoom: Number(data.zoom), minZoom: 5, maxZoom: 18,
      cooperativeGestures: false, dragRotate: false, pitchWithRotate: false, keyboard: data.map === "show", attributionControl: { compact: false }, locale: spoken(),
    });
  } catch (error) {
    canvas.replaceChildren(...fallback);
    throw error;
  }
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.on("error", () => undefined); // tiles that do not come: the background stands
  if (data.map === "show") new maplibre.Marker({ element: pin(), anchor: "bottom" }).setLngLat([lng, lat]).addTo(map);
  else choose(box, canvas, map);
}

function choose(box: HTMLElement, canvas: HTMLElement, map: maplibre.Map): void {
  const field = box.closest(".control")!;
  const lat = field.querySelector<HTMLInputElement>("[data-lat]")!;
  const lng = field.querySelector<HTMLInputElement>("[data-lng]")!;
  const words = box.querySelector<HTMLElement>("[data-place-words]")!;
  const marker = new maplibre.Marker({ element: pin(), anchor: "bottom", draggable: true });
  const set = (at: maplibre.LngLat | null, tell = true) => {
    lat.value = at ? at.lat.toFixed(6) : "";
    lng.value = at ? at.lng.toFixed(6) : "";
    if (at) marker.setLngLat(at).addTo(map); else marker.remove();
    if (tell) {
      words.textContent = say(at ? "place_chosen" : "place_none");
      lat.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  if (lat.value && lng.value) {
    set(new maplibre.LngLat(Number(lng.value), Number(lat.value)), false);
    map.jumpTo({ center: marker.getLngLat() });
  }
  map.on("click", (event) => set(event.lngLat));
  marker.on("dragend", () => set(marker.getLngLat()));
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const at = map.project(lat.value ? marker.getLngLat() : map.getCenter());
    const by = event.shiftKey ? 40 : 8;
    const to = map.unproject([at.x + (step?.[0] ?? 0) * by, at.y + (step?.[1] ?? 0) * by]);
    set(to);
    if (!map.getBounds().contains(to)) map.panTo(to);
  });
  const tools = field.querySelector<HTMLElement>("[data-place-tools]");
  if (tools) tools.hidden = false;
  tools?.querySelector("[data-place-clear]")?.addEventListener("click", () => set(null));
  tools?.querySelector("[data-place-here]")?.addEventListener("click", () => {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => { const at = new maplibre.LngLat(coords.longitude, coords.latitude); set(at); map.flyTo({ center: at, zoom: 16, animate: false }); },
      () => { words.textContent = say("place_denied"); },
    );
  });
}
