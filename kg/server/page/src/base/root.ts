/** Where the server is mounted: "/", or the path under which a proxy serves it. Built scripts lie in assets/ below it. */

const here = new URL(import.meta.url);

export const ROOT = here.protocol.startsWith("http") && !import.meta.env.DEV ? new URL("../", here).pathname : "/";
