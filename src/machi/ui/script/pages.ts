// What any page may have: dialogs, a first focus, a map that comes into view, the list of languages.

/** Dialogs open in front of the page; without this the address #id opens them (:target). */
export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const from = event.target as HTMLElement;
    const opener = from.closest<HTMLElement>("[data-opens]");
    const closer = from.closest<HTMLElement>("[data-closes]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens!);
      if (dialog instanceof HTMLDialogElement) { event.preventDefault(); dialog.showModal(); }
    } else if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
      if (location.hash === `#${closer.dataset.closes}`) history.replaceState(null, "", location.pathname + location.search);
    } else if (from instanceof HTMLDialogElement && from.open) {
      from.close(); // the ground behind it
    }
  });
  document.addEventListener("keydown", (event) => {
    const from = event.target as HTMLElement;
    if (event.key === " " && from.matches("a[role=button]")) { event.preventDefault(); from.click(); }
  });
}

/** The summary of errors is read first. */
export function focusFirst(): void {
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}

/** A link in the error summary leads to the field's first control and puts the label in view. */
export function leadToFields(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>(".error-summary a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    (control.closest(".field") ?? control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}

/** Maps are 300 kB: load them when one comes near the view. */
export function watchMaps(part: ParentNode): void {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      void drawMap(entry.target as HTMLElement);
    }
  }, { rootMargin: "200px" });
  for (const box of part.querySelectorAll<HTMLElement>("[data-map]:not([data-live])")) {
    box.dataset.live = "";
    if (box.dataset.map === "pick") box.hidden = false;
    near.observe(box);
  }
}

async function drawMap(box: HTMLElement): Promise<void> {
  const { data } = { data: box.dataset };
  try {
    if (!document.querySelector("link[data-map-style]")) {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: data.style! });
      link.dataset.mapStyle = "";
      document.head.append(link);
    }
    const map = (await import(data.script!)) as { draw(box: HTMLElement): void };
    map.draw(box);
  } catch (error) {
    console.warn("map", error); // no WebGL, no line: the words beside the map say the same
    if (data.map === "pick") box.hidden = true;
  }
}
