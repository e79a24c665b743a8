// Opens the pages below /onsite/ without a network: the newest copy when the network answers, else the one kept. Nothing else.
"use strict";
const PAGES = "onsite-pages", ASSETS = "onsite-assets", PATIENCE = 6000; // milliseconds until a network that does not answer counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (asked.method !== "GET" || address.origin !== self.location.origin) return;
  if (asked.mode === "navigate" && /^\/onsite\/\d*$/.test(address.pathname)) event.respondWith(page(asked, address.pathname));
  else if (address.pathname.startsWith("/static/")) event.respondWith(asset(asked));
});

async function page(asked, path) {
  const kept = await (await caches.open(PAGES)).match(path);
  try {
    const answer = await (kept ? within(fetch(asked), PATIENCE) : fetch(asked));
    if (answer.status >= 500 && kept) return kept;
    if (answer.ok && answer.type === "basic") await (await caches.open(PAGES)).put(path, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function asset(asked) {
  const kept = await (await caches.open(ASSETS)).match(asked);
  return kept || fetch(asked);
}

function within(promise, time) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("no answer in time")), time))]);
}
