// Builds what the browser gets: src/machi/ui/style and script → src/machi/ui/static/ui/built/.
// `npm run build`; `node src/machi/ui/build.mjs --watch` while one draws.
import { build, context } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const source = (...parts) => join(here, ...parts);
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  outdir: source("static/ui/built"),
  logLevel: "warning",
};

const styles = {
  ...common,
  // ../static/ui/… in our styles is ../… from where the built style is served.
  entryPoints: ["ui", "desk", "facing", "map", "gallery"].map((name) => source("style", `${name}.css`)),
  plugins: [{
    name: "served-beside",
    setup(one) {
      one.onResolve({ filter: /^\.\.\/static\/ui\// }, ({ path }) => ({ path: path.replace("../static/ui/", "../"), external: true }));
    },
  }],
};

// Classic scripts: every page has ui.js; the others are asked for by the pages that need them.
const scripts = {
  ...common,
  format: "iife",
  entryPoints: ["ui", "desk", "sums", "counter", "facing"].map((name) => source("script", `${name}.ts`)),
};
// The map is a module of its own, 300 kB, loaded when a map comes into view; its worker stands beside it.
const map = {
  ...common,
  format: "esm",
  entryPoints: {
    map: source("script/map.ts"),
    "map-worker": fileURLToPath(import.meta.resolve("maplibre-gl").replace(/maplibre-gl\.mjs$/, "maplibre-gl-worker.mjs")),
  },
};

const all = [styles, scripts, map];
if (process.argv.includes("--watch")) {
  for (const one of all) await (await context(one)).watch();
} else {
  await Promise.all(all.map((one) => build(one)));
}
