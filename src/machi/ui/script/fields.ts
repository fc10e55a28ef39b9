// Small help while one fills in. Everything here also works without it.
import { say } from "./words";

/** Enliven the fields of a page or of a part that came in. */
export function enlivenFields(part: ParentNode): void {
  part.querySelectorAll<HTMLTextAreaElement>("textarea[data-max]").forEach(count);
  part.querySelectorAll<HTMLElement>("[data-date]").forEach(showEra);
  part.querySelectorAll<HTMLInputElement>(".file-pick input[type=file]").forEach(previewFiles);
}

function once(element: HTMLElement): boolean {
  if (element.dataset.live !== undefined) return false;
  element.dataset.live = "";
  return true;
}

/** Letters left, as a person counts them (𠮷 is one); read aloud only near the end. */
function count(box: HTMLTextAreaElement): void {
  const place = document.querySelector<HTMLElement>(`[data-counts="${CSS.escape(box.id)}"]`);
  if (!place || !once(box)) return;
  const max = Number(box.dataset.max);
  const show = () => {
    const left = max - [...box.value].length;
    place.textContent = left < 0 ? say("letters_over", { count: -left }) : say("letters_left", { count: left });
    place.classList.toggle("over", left < 0);
    place.setAttribute("aria-live", left < 20 ? "polite" : "off");
  };
  box.addEventListener("input", show);
  show();
}

const ERAS: [string, number, RegExp][] = [
  ["reiwa", 2019, /^(?:令和|令|r)/i], ["heisei", 1989, /^(?:平成|平|h)/i], ["showa", 1926, /^(?:昭和|昭|s)/i], ["taisho", 1912, /^(?:大正|大|t)/i],
];
const plainDigits = (text: string) => text.normalize("NFKC").trim();

/** 令和8 → 2026, and beside the boxes the era of the year that stands there. */
function showEra(boxes: HTMLElement): void {
  const year = boxes.querySelector<HTMLInputElement>("[data-part=year]");
  const place = boxes.querySelector<HTMLElement>("[data-era]");
  if (!year || !place || !once(boxes)) return;
  const show = () => { place.textContent = eraOf(Number(plainDigits(year.value))); };
  year.addEventListener("change", () => { year.value = western(year.value); show(); });
  year.addEventListener("input", show);
  show();
}

function western(text: string): string {
  const typed = plainDigits(text);
  for (const [, first, word] of ERAS) {
    if (!word.test(typed)) continue;
    const rest = typed.replace(word, "").replace(/年$/, "").replace(/^元$/, "1").replace(/^[.\s]+/, "");
    if (/^\d{1,2}$/.test(rest)) return String(first + Number(rest) - 1);
  }
  return text;
}

function eraOf(year: number): string {
  if (!(year >= 1912 && year < 2100)) return "";
  const [name, first] = ERAS.find(([, start]) => year >= start)!;
  const number = year - first + 1;
  return number === 1 ? say("era_first", { era: say(name) }) : say("era", { era: say(name), year: number });
}

/** Show what was chosen; refuse what is too large before it is sent. */
function previewFiles(input: HTMLInputElement): void {
  const pick = input.closest<HTMLElement>(".file-pick");
  const place = pick?.querySelector<HTMLElement>("[data-picked]");
  if (!pick || !place || !once(input)) return;
  input.addEventListener("change", (event) => {
    place.replaceChildren();
    const max = Number(input.dataset.maxMb ?? 0);
    const large = [...(input.files ?? [])].find((file) => max && file.size > max * 1024 * 1024);
    if (large) {
      event.stopImmediatePropagation(); // htmx must not send it either
      input.value = "";
      place.append(line("error", say("file_large", { name: large.name, max })));
      return;
    }
    for (const file of input.files ?? []) place.append(picked(file));
  }, { capture: true });
  for (const name of ["dragenter", "dragover"]) pick.addEventListener(name, () => pick.classList.add("over"));
  for (const name of ["dragleave", "drop"]) pick.addEventListener(name, () => pick.classList.remove("over"));
}

function line(kind: string, words: string): HTMLElement {
  const p = document.createElement("p");
  p.className = kind;
  if (kind === "error") p.setAttribute("role", "alert");
  p.textContent = words;
  return p;
}

function picked(file: File): HTMLElement {
  const row = document.createElement("p");
  row.className = "picked";
  if (file.type.startsWith("image/")) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = "";
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    row.append(image);
  }
  const size = file.size > 1024 * 1024 ? `${(file.size / 1024 / 1024).toFixed(1)} MB` : `${Math.max(1, Math.round(file.size / 1024))} KB`;
  row.append(`${file.name} (${size})`);
  return row;
}
