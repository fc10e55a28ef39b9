// Every page. Nothing here is needed to read, fill in or send a page; it makes it smoother.
import { enlivenFields } from "./fields";
import { focusFirst, leadToFields, startDialogs, watchMaps } from "./pages";
import { guardForms } from "./sending";
import { startSwaps } from "./swaps";

function enliven(part: ParentNode): void {
  enlivenFields(part);
  watchMaps(part);
}

startSwaps(enliven);
startDialogs();
leadToFields();
guardForms();
enliven(document);
focusFirst();
document.documentElement.dataset.script = "on";
