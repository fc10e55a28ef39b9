// The sums of a page, counted while one types and with no network. Comfort only: the server counts again.
import { evaluate, plain, read, type Node, type Row, type Value } from "./expr";

type Field = { path: string; type: string; calc?: Node };
type Table = { columns: { [name: string]: string }; rows: { [key: string]: { [name: string]: unknown } } };
type Logic = {
  fields: Field[];
  order: string[];
  settings: { [name: string]: unknown };
  tables: { [name: string]: Table };
  given: { [key: string]: unknown }; // answers of the other pages that a sum rests on
};
const KINDS: { [type: string]: string } = { int: "int", yen: "yen", decimal: "decimal", date: "date", bool: "bool", consent: "bool" };
const kindOf = (field: Field) => KINDS[field.type] ?? "text";

const holder = document.getElementById("logic");
const form = document.getElementById("page-form");
if (holder && form instanceof HTMLFormElement) start(form, JSON.parse(holder.textContent ?? "{}"));

function start(form: HTMLFormElement, logic: Logic): void {
  const tables = Object.fromEntries(Object.entries(logic.tables).map(([name, table]) => [name, readTable(table)]));
  const show = () => {
    const values = given(logic);
    for (const field of logic.fields.filter((one) => !one.path.includes("."))) {
      const asked = field.type === "repeat" ? rows(form, logic, field.path) : typed(form, field, field.path);
      if (asked !== undefined) values[field.path] = asked;
    }
    for (const path of logic.order) count(path, logic, values, tables);
  };
  document.addEventListener("input", show);
  document.addEventListener("htmx:afterSettle", show);
}

function readTable(table: Table): { [key: string]: Row } {
  const row = (from: { [name: string]: unknown }): Row =>
    Object.fromEntries(Object.entries(table.columns).map(([name, kind]) => [name, read(from[name], kind)]));
  return Object.fromEntries(Object.entries(table.rows).map(([key, from]) => [key, row(from)]));
}

function given(logic: Logic): Row {
  const values: Row = {};
  for (const field of logic.fields) if (field.path in logic.given) values[field.path] = read(logic.given[field.path], kindOf(field));
  for (const [name, value] of Object.entries(logic.settings)) values[`$settings.${name}`] = read(value, typeof value === "number" ? "int" : "text");
  return values;
}

/** What stands in the boxes of a field now; undefined when it is not on this page. */
function typed(form: HTMLFormElement, field: Field, path: string): Value | undefined {
  if (field.type === "date") return typedDay(form, path);
  const boxes = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[name="${CSS.escape(path)}"]`)];
  if (!boxes.length) return undefined;
  const box = boxes.find((one) => one instanceof HTMLInputElement && /radio|checkbox/.test(one.type) ? one.checked : true);
  if (kindOf(field) === "bool") return box?.value === "yes";
  if (field.type === "choices") return boxes.filter((one) => one instanceof HTMLInputElement && one.checked).map((one) => one.value);
  const text = box?.value.normalize("NFKC").replace(/,/g, "").trim() ?? "";
  try {
    return read(text, kindOf(field));
  } catch {
    return null; // not a number yet
  }
}

/** A day, once its three boxes hold one. */
function typedDay(form: HTMLFormElement, path: string): Value | undefined {
  const boxes = ["year", "month", "day"].map((part) => form.querySelector<HTMLInputElement>(`[name="${CSS.escape(`${path}-${part}`)}"]`));
  if (boxes.includes(null)) return undefined;
  return read(boxes.map((box) => box?.value.normalize("NFKC").trim().padStart(2, "0")).join("-"), "date");
}

function rows(form: HTMLFormElement, logic: Logic, repeat: string): Value | undefined {
  const ids = [...form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(repeat)}._rows"]`)].map((one) => one.value);
  const inner = logic.fields.filter((one) => one.path.startsWith(`${repeat}.`));
  if (!ids.length) return undefined;
  return ids.map((id) => {
    const row: Row = { _id: id };
    for (const field of inner) row[field.path.split(".")[1]] = typed(form, field, `${repeat}.${id}.${field.path.split(".")[1]}`) ?? null;
    return row;
  });
}

/** Count one field of the order and show it where the page shows it. */
function count(path: string, logic: Logic, values: Row, tables: { [name: string]: { [key: string]: Row } }): void {
  const calc = logic.fields.find((field) => field.path === path)?.calc;
  if (!calc) return;
  const [first, inner] = path.split(".");
  if (!inner) {
    const result = evaluate(calc, values, { tables });
    if (result.known) put(path, (values[path] = result.value));
    return;
  }
  for (const row of (values[first] as Row[] | undefined) ?? []) {
    const result = evaluate(calc, { ...values, ...row }, { tables });
    if (result.known) put(`${first}-${row._id as string}-${inner}`, (row[inner] = result.value));
  }
}

function put(id: string, value: Value): void {
  const place = document.querySelector(`#${CSS.escape(id)}.money-line .amount, output#${CSS.escape(id)}`);
  const said = plain(value);
  if (!place || said === null || !/^-?\d+$/.test(said)) return;
  const grouped = Number(said).toLocaleString("en-US").replaceAll(",", /^(pt|es)\b/.test(document.documentElement.lang) ? "." : ",");
  const now = (place.textContent ?? "").replace(/-?[\d.,]+/, grouped);
  if (now !== place.textContent) place.textContent = now;
}
