import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

export default defineConfig({
  base: "./", // a proxy may serve it under a path
  plugins: [firstScript(), licenses()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: resolve(here, "../static"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy of the server allows fonts and images of its own only
    modulePreload: { polyfill: false }, // it would be an inline script
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      checks: { eval: false }, // in Yasqe, where a browser has no JSON; the content security policy forbids it anyway
      input: { index: resolve(here, "index.html"), api: resolve(here, "api.html") },
    },
  },
  server: { proxy: { "/api/v1": "http://localhost:8000", "/sparql": "http://localhost:8000" } },
});

/** The script that runs before the first paint: as it is, under a name that changes with its content. */
function firstScript(): Plugin {
  const source = readFileSync(join(here, "src/theme.js"), "utf-8");
  const fileName = `assets/theme-${createHash("sha256").update(source).digest("hex").slice(0, 8)}.js`;
  return {
    name: "first-script",
    apply: "build",
    generateBundle: {
      order: "post", // when the pages are whole
      handler(_, bundle) {
        this.emitFile({ type: "asset", fileName, source });
        for (const page of Object.values(bundle)) {
          if (page.type !== "asset" || !page.fileName.endsWith(".html")) continue;
          // "vite-ignore" in the page keeps Vite from the script, and leaves a space behind.
          const whole = String(page.source).replace('"/src/theme.js" ', `"./${fileName}"`);
          // The server has api.html at /api/, one level further down.
          page.source = page.fileName === "api.html" ? whole.replaceAll('"./assets/', '"../assets/') : whole;
        }
      },
    },
  };
}

/** Writes licenses.txt: the license of every package whose code may be in the page. */
function licenses(): Plugin {
  return {
    name: "licenses",
    generateBundle() {
      const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf-8"));
      const packages = Object.entries<{ version?: string; license?: string; dev?: boolean }>(lock.packages);
      const texts = packages.filter(([path, entry]) => path && !entry.dev).map(([path, entry]) => licenseOf(path, entry));
      this.emitFile({ type: "asset", fileName: "licenses.txt", source: texts.join("\n") });
    },
  };
}

function licenseOf(path: string, entry: { version?: string; license?: string }): string {
  const folder = join(here, path);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name)) : [];
  const head = `${path.replace(/^.*node_modules\//, "")} ${entry.version ?? ""} (${entry.license ?? "see its text"})`;
  const body = files.map((name) => readFileSync(join(folder, name), "utf-8").trim());
  return [head, "-".repeat(head.length), ...body, ""].join("\n");
}
