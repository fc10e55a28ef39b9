// htmx, strict: no eval, no inline styles; a page after a swap equals the page after a reload.
import htmx from "htmx.org";
import { say, tell } from "./words";

/** Set htmx up; `enliven` makes the small enhancements of the new part. */
export function startSwaps(enliven: (part: ParentNode) => void): void {
  htmx.config.allowEval = false;
  htmx.config.allowScriptTags = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.defaultSettleDelay = 0; // settled in the same breath: nothing can be typed or pressed between
  htmx.config.attributesToSettle = ["class"]; // an empty style attribute would offend the page's policy
  htmx.config.selfRequestsOnly = true;
  htmx.config.historyCacheSize = 0; // pages hold personal data: ask the server again
  htmx.config.refreshOnHistoryMiss = true;
  htmx.config.scrollIntoViewOnBoost = false;
  const on = (name: string, act: (detail: any, event: Event) => void) =>
    document.addEventListener(name, (event) => act((event as CustomEvent).detail, event));
  on("htmx:configRequest", (detail) => { if (detail.verb !== "get") detail.headers["X-CSRFToken"] = csrf(); });
  on("htmx:beforeSwap", (detail) => {
    // A form that comes back with its errors (422), or too late (409), is shown like any answer.
    if (detail.xhr.status === 422 || detail.xhr.status === 409) { detail.shouldSwap = true; detail.isError = false; }
    noteMeanwhile(detail.xhr, detail.target as HTMLElement);
  });
  on("htmx:sendError", () => tell("warning", say(navigator.onLine ? "unsent" : "offline")));
  on("htmx:timeout", () => tell("warning", say("unsent")));
  on("htmx:responseError", () => tell("warning", say("unsent")));
  on("htmx:beforeRequest", (detail) => { sent.set(detail.xhr, statesOf(detail.elt.closest("form"))); });
  on("htmx:afterSwap", (detail) => { enliven(detail.elt as ParentNode); keepFocus(detail.elt as HTMLElement); });
  // Only now does the new part listen, and asks for what a choice put back has to bring.
  on("htmx:afterSettle", (detail) => { putBack(detail.xhr, detail.target.id); });
  on("htmx:xhr:progress", (detail, event) => showProgress(event.target as HTMLElement, detail));
}

const csrf = () =>
  document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

// What one typed or chose while the answer was on its way stays: the answer does not know it.
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const sent = new WeakMap<XMLHttpRequest, Map<string, string>>();
const meanwhile = new WeakMap<XMLHttpRequest, Map<string, string>>();
const ticks = (one: Control) => one instanceof HTMLInputElement && /^(radio|checkbox)$/.test(one.type);
const nameOf = (one: Control) => (ticks(one) ? `${one.name}=${one.value}` : one.name);
const stateOf = (one: Control) => (ticks(one) ? String((one as HTMLInputElement).checked) : one.value);

function controls(part: ParentNode | null): Control[] {
  const found = part?.querySelectorAll<Control>("input[name], textarea[name], select[name]") ?? [];
  return [...found].filter((one) => !/^(hidden|file|password)$/.test(one.type));
}

const statesOf = (form: HTMLFormElement | null) => new Map(controls(form).map((one) => [nameOf(one), stateOf(one)]));

function noteMeanwhile(xhr: XMLHttpRequest, target: HTMLElement): void {
  const before = sent.get(xhr);
  const changed = controls(target).filter((one) => before?.has(nameOf(one)) && before.get(nameOf(one)) !== stateOf(one));
  meanwhile.set(xhr, new Map(changed.map((one) => [nameOf(one), stateOf(one)])));
}

function putBack(xhr: XMLHttpRequest, id: string): void {
  for (const one of controls(document.getElementById(id))) {
    const state = meanwhile.get(xhr)?.get(nameOf(one));
    if (state === undefined || state === stateOf(one)) continue;
    if (ticks(one)) (one as HTMLInputElement).checked = state === "true";
    else one.value = state;
    one.dispatchEvent(new Event("input", { bubbles: true }));
    if (one !== document.activeElement || ticks(one)) one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** htmx keeps the focus by id; when what had it is gone, the part that came in gets it, if it asks for it. */
function keepFocus(part: HTMLElement): void {
  const wanted = part.matches?.("[data-focus]") ? part : part.querySelector<HTMLElement>("[data-focus]");
  if (wanted) wanted.focus();
  else if (document.activeElement === document.body && part.querySelector("h1")) document.getElementById("main")?.focus();
}

function showProgress(element: HTMLElement, detail: { loaded: number; total: number; lengthComputable: boolean }): void {
  const place = element.closest(".file-pick")?.querySelector("[data-picked]");
  if (!place || !detail.lengthComputable) return;
  let bar = place.querySelector("progress");
  if (!bar) {
    bar = document.createElement("progress");
    bar.max = 100;
    place.append(bar);
  }
  bar.value = Math.round((100 * detail.loaded) / detail.total);
  bar.setAttribute("aria-label", say("file_sending", { percent: bar.value }));
}
