// The clerk's side of the counter: what is typed is kept while it is typed, so that the facing screen shows it.
const PAUSE = 500;

const form = document.querySelector<HTMLFormElement>("form#page-form[data-keep]");
let waiting = 0;
let onItsWay: Promise<void> | null = null;

/** Send what stands in the form, files apart; the page takes over the revision that came of it. */
async function keep(one: HTMLFormElement): Promise<void> {
  const said = new FormData(one);
  for (const [name, value] of [...said]) if (value instanceof File) said.delete(name);
  said.set("_do", "live");
  try {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(one.action, { method: "POST", body: said, headers, signal: AbortSignal.timeout(8000) });
    const revision = /name="revision" value="(\d+)"/.exec(await answer.text())?.[1];
    const box = one.querySelector<HTMLInputElement>("input[name=revision]");
    if (answer.ok && revision && box) box.value = revision;
  } catch { /* no line: the next letter, or the button, sends it all again */ }
}

function soon(): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(async () => {
    if (onItsWay) { await onItsWay; }
    onItsWay = keep(form!).finally(() => { onItsWay = null; });
  }, PAUSE);
}

form?.addEventListener("input", (event) => { if (!(event as InputEvent).isComposing) soon(); });
form?.addEventListener("compositionend", soon);
form?.addEventListener("submit", (event) => {
  window.clearTimeout(waiting);
  if (!onItsWay) return;
  event.preventDefault(); // first let arrive what is on its way, or this would look like a second window
  const button = event.submitter;
  void onItsWay.then(() => form.requestSubmit(button));
});
