// Forms on a bad line: never sent twice, never lost.
import { say, tell } from "./words";

const PREFIX = "machi:typed:";
const SECRET = /password|csrf|token/i;
const LONGEST = 3_600_000; // an hour: somebody else may sit here next
type Kept = { at: number; failed: boolean; typed: [string, string][] };
/** A form says with data-keep what it is; without, its page's address does. */
const keyOf = (form: HTMLFormElement) => PREFIX + (form.dataset.keep ?? location.pathname);

/** Guard every form that changes something. */
export function guardForms(): void {
  document.addEventListener("submit", onSubmit);
  window.addEventListener("pageshow", (event) => { if (event.persisted) freeAll(); });
  window.addEventListener("online", () => { if (document.querySelector("form[data-unsent]")) tell("success", say("online")); });
  restore();
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method.toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending !== undefined) {
    event.preventDefault(); // the first press is on its way
    return;
  }
  keep(form);
  if (!navigator.onLine) {
    event.preventDefault();
    form.dataset.unsent = "";
    tell("warning", say("offline"));
    return;
  }
  delete form.dataset.unsent;
  if (!event.defaultPrevented && !isHtmx(form, event.submitter)) busy(form, event.submitter);
}

const isHtmx = (form: HTMLFormElement, button: HTMLElement | null) =>
  [form, button].some((one) => one?.hasAttribute("hx-post") || one?.closest("[hx-boost='true']"));

function busy(form: HTMLFormElement, button: HTMLElement | null): void {
  form.dataset.sending = "";
  button?.setAttribute("aria-disabled", "true");
  const word = button?.querySelector<HTMLElement>(".word");
  if (word && button?.matches(".primary, .danger")) {
    word.dataset.word = word.textContent ?? "";
    word.textContent = say("busy");
  }
  window.setTimeout(() => free(form), 20_000); // a line that died without a word: let the person try again
}

function free(form: HTMLFormElement): void {
  delete form.dataset.sending;
  for (const button of document.querySelectorAll<HTMLElement>("button[aria-disabled='true']")) {
    button.removeAttribute("aria-disabled");
    const word = button.querySelector<HTMLElement>(".word");
    if (word?.dataset.word) word.textContent = word.dataset.word;
  }
}

function freeAll(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-sending]").forEach(free);
}

/** Remember what stands in `form` until another page of this house has opened: then it has arrived. */
export function keep(form: HTMLFormElement): void {
  const typed: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !SECRET.test(name)) typed.push([name, value]);
  }
  store(keyOf(form), { at: Date.now(), failed: false, typed });
}

function store(key: string, kept: Kept): void {
  try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch { /* a full or forbidden store: the page itself still holds it */ }
}

function everything(): [string, Kept][] {
  const names = Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
  return names.map((name) => [name, JSON.parse(sessionStorage.getItem(name) ?? "{}") as Kept]);
}

/** A page that says that nothing arrived, or the way to sign in: what was typed waits for its form. */
const SIGN_IN = /^\/accounts\/(login|staff|reauthenticate)\//;
const stillUnsent = () => document.documentElement.classList.contains("unsent") || SIGN_IN.test(location.pathname);

/** After a failed send: put back what was typed when its form is there again. What has arrived is forgotten. */
function restore(): void {
  const kept = everything().filter(([name]) => !name.startsWith(`${PREFIX}/accounts/`)); // signing in is no application
  if (stillUnsent()) {
    for (const [name, one] of kept) store(name, { ...one, failed: true });
    if (kept.length) tell("info", say("kept"));
    return;
  }
  const way = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
  const again = way?.type === "reload" || way?.type === "back_forward";
  const form = document.querySelector<HTMLFormElement>("form[method='post']:not([data-plain])");
  for (const [name, one] of kept) {
    const here = form !== null && name === keyOf(form);
    if (here && (again || one.failed) && putBack(form, one.typed)) tell("info", say("restored"));
    if (here || !one.failed || !(Date.now() - one.at < LONGEST)) sessionStorage.removeItem(name);
  }
}

function putBack(form: HTMLFormElement, typed: [string, string][]): boolean {
  let changed = false;
  const values = new Map<string, string[]>();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement)) continue;
    if (!control.name || SECRET.test(control.name) || control.type === "file" || control.type === "hidden") continue;
    if (control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox")) {
      const on = (values.get(control.name) ?? []).includes(control.value);
      changed ||= on !== control.checked;
      control.checked = on;
    } else {
      const value = values.get(control.name)?.shift();
      if (value === undefined || value === control.value) continue;
      control.value = value;
      changed = true;
    }
  }
  return changed;
}
