// The screen that faces people: it asks again and again what to show, and it takes signatures.
const EVERY = 1500;

const face = () => document.getElementById("face");
const lost = document.getElementById("lost");
let signing = false; // a hand is on the glass: nothing is drawn anew under it

/** Ask once. A line that is down is said calmly; what was shown stays until the line is back. */
async function ask(): Promise<void> {
  const here = face();
  if (!here || here.classList.contains("none")) return;
  try {
    const address = `${here.dataset.now}?at=${encodeURIComponent(here.dataset.stamp ?? "")}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(6000), cache: "no-store", credentials: "same-origin" });
    if (answer.status === 200 && !signing) show(await answer.text());
    if (lost) lost.hidden = answer.ok;
  } catch {
    if (lost) lost.hidden = false;
  }
}

function show(html: string): void {
  const here = face()!;
  const came = new DOMParser().parseFromString(html, "text/html").getElementById("face");
  if (!came) return;
  // Another language, another form: the words around it change, too.
  if (came.dataset.language !== here.dataset.language || came.querySelector("form")) { location.reload(); return; }
  mark(here, came);
  here.replaceWith(came);
  if (here.className !== came.className) window.scrollTo({ top: 0 });
  glass();
}

/** What has just been typed is shown for a moment. */
function mark(before: HTMLElement, after: HTMLElement): void {
  const old = new Map([...before.querySelectorAll("dt")].map((one) => [one.textContent, one.nextElementSibling?.textContent]));
  for (const one of after.querySelectorAll("dt")) {
    if (old.has(one.textContent) && old.get(one.textContent) !== one.nextElementSibling?.textContent) one.parentElement?.classList.add("fresh");
  }
}

/** The glass: strokes as points, kept in the form; the server draws the picture. */
function glass(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-sign]:not([data-live])");
  const canvas = form?.querySelector("canvas");
  const pen = canvas?.getContext("2d");
  const ink = form?.querySelector<HTMLInputElement>("input[name=ink]");
  if (!form || !canvas || !pen || !ink) return;
  form.dataset.live = "";
  let lines: number[][][] = [];
  const at = (event: PointerEvent): number[] => {
    const box = canvas.getBoundingClientRect();
    const round = (value: number) => Math.round(value * 10) / 10;
    return [round(((event.clientX - box.left) / box.width) * canvas.width), round(((event.clientY - box.top) / box.height) * canvas.height)];
  };
  Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#14183c" });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    signing = true;
    lines.push([at(event)]);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    const line = lines.at(-1);
    if (!canvas.hasPointerCapture(event.pointerId) || !line) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const [from, to] = [line.at(-1)!, at(one)];
      pen.beginPath();
      pen.moveTo(from[0], from[1]);
      pen.lineTo(to[0], to[1]);
      pen.stroke();
      line.push(to);
    }
  });
  const lift = () => { signing = false; ink.value = JSON.stringify(lines); };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  form.querySelector("[data-wipe]")?.addEventListener("click", () => {
    lines = [];
    ink.value = "";
    pen.clearRect(0, 0, canvas.width, canvas.height);
  });
}

async function watch(): Promise<void> {
  await ask();
  window.setTimeout(watch, EVERY);
}

glass();
window.setTimeout(watch, EVERY);
