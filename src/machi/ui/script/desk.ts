// The desk's keyboard: j k move, o open, c claim, x select, / find, ? help. And the ticks of tables.

const typing = (element: EventTarget | null) =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) &&
  !(element instanceof HTMLInputElement && element.type === "checkbox");

const rows = () => [...document.querySelectorAll<HTMLTableRowElement>("table[data-keys] tr[data-row]")];
const here = () => document.querySelector<HTMLTableRowElement>("table[data-keys] tr.here");

function move(step: number): void {
  const all = rows();
  if (!all.length) return;
  const at = here();
  const next = all[Math.min(all.length - 1, Math.max(0, at ? all.indexOf(at) + step : 0))];
  at?.classList.remove("here");
  next.classList.add("here");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const press = (what: string) => () => here()?.querySelector<HTMLElement>(what)?.click();
const KEYS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  o: press("[data-open]"),
  Enter: press("[data-open]"),
  c: press("[data-claim]"),
  x: press("[data-tick]"),
  "/": () => { const box = document.querySelector<HTMLInputElement>("[data-filter]"); box?.focus(); box?.select(); },
  "?": () => { const help = document.getElementById("keys"); if (help instanceof HTMLDialogElement && !help.open) help.showModal(); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && (event.target as HTMLElement).matches("[data-filter]")) (event.target as HTMLElement).blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && !(event.target as HTMLElement).matches("tr[data-row]")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// A row one comes to with the mouse or with Tab is the row the keys speak of.
document.addEventListener("focusin", (event) => {
  const row = (event.target as HTMLElement).closest<HTMLTableRowElement>("table[data-keys] tr[data-row]");
  if (!row || row === here()) return;
  here()?.classList.remove("here");
  row.classList.add("here");
});

// Tick all, and what follows from the number of ticks.
document.addEventListener("change", (event) => {
  const box = event.target as HTMLInputElement;
  const table = box.closest<HTMLElement>("table, [data-ticks]");
  if (!table || !box.matches("[data-tick], [data-tick-all]")) return;
  const ticks = [...table.querySelectorAll<HTMLInputElement>("[data-tick]")];
  if (box.matches("[data-tick-all]")) for (const one of ticks) one.checked = box.checked;
  const on = ticks.filter((one) => one.checked).length;
  const all = table.querySelector<HTMLInputElement>("[data-tick-all]");
  if (all) { all.checked = on === ticks.length; all.indeterminate = on > 0 && on < ticks.length; }
  for (const place of document.querySelectorAll("[data-ticked]")) place.textContent = String(on);
});

// Back in a list at the row one came from (#row-…): the keys go on from there.
const cameFrom = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (cameFrom?.matches("tr[data-row]")) cameFrom.focus();

// On a phone the way round is a strip: the place one is at is in sight.
const strip = document.querySelector<HTMLElement>(".desk-nav ul");
const place = strip?.querySelector<HTMLElement>("[aria-current]");
if (strip && place) strip.scrollLeft = place.offsetLeft - (strip.clientWidth - place.offsetWidth) / 2;
