// The sentences of the page's language: a JSON block written by the server (machi.ui.words).
let known: Record<string, string> | undefined;

/** The sentence `name`, with %(placeholders)s filled in. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  known ??= JSON.parse(document.getElementById("words")?.textContent ?? "{}") as Record<string, string>;
  return (known[name] ?? "").replace(/%\((\w+)\)s/g, (_, key: string) => String(values[key] ?? "")).replaceAll("%%", "%");
}

/** Tell the person something, calmly, at the foot of the page; the same sentence stands there once. */
export function tell(kind: "info" | "warning" | "success", sentence: string): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  const toast = document.createElement("div");
  toast.className = `notice ${kind}`;
  const inside = document.createElement("div");
  inside.className = "inside";
  inside.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = say("close");
  close.addEventListener("click", () => toast.remove());
  inside.append(document.createElement("br"), close);
  toast.append(icon(kind), inside);
  place.replaceChildren(toast);
}

/** A drawing from the sprite the header already uses. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "/static/ui/icons.svg";
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
