// Bundles the browser interpreter and runs all vectors through it: node run_vectors.mjs <source> <cases> → JSON answers.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const [source, cases] = process.argv.slice(2);
const built = await build({ entryPoints: [source], bundle: true, format: "esm", target: "es2022", write: false });
const module = Buffer.from(built.outputFiles[0].contents).toString("base64");
const { evaluate, plain, plainDay, read, readDay } = await import(`data:text/javascript;base64,${module}`);

function contextOf(said, more) {
  const tables = {};
  for (const [table, rows] of Object.entries(said.tables ?? {})) {
    tables[table] = {};
    for (const [key, row] of Object.entries(rows)) {
      tables[table][key] = Object.fromEntries(Object.entries(row).map(([c, v]) => [c, read(v, said.table_types[table][c])]));
    }
  }
  const closed = new Set(said.closed ?? []);
  return {
    today: said.today ? readDay(said.today) : null,
    tables,
    areas: said.areas && ((layer, place) => said.areas.find(([l, p]) => l === layer && p === place)?.[2] ?? null),
    isOpen: said.closed && ((day, weekday) => weekday < 5 && !closed.has(plainDay(day))),
    ...more,
  };
}

function answer(vector) {
  const values = {};
  for (const [name, type] of Object.entries(vector.types)) values[name] = read(vector.in[name], type);
  const run = (more) => evaluate(vector.tree, values, contextOf(vector.context ?? {}, more));
  if (vector.fuel && run({ fuel: vector.fuel - 1 }).known) return { fault: "one unit of fuel less was enough" };
  const found = run(vector.fuel ? { fuel: vector.fuel } : {});
  if (!found.known) return { unknown: true };
  return { value: typeof found.value === "boolean" ? found.value : plain(found.value) };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(cases, "utf8")).map(answer)));
