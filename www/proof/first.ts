// Runs before everything else in the page.

// A policy cannot forbid the packets that a WebRTC connection sends to find its way.
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/^(webkit|moz)?RTC/.test(name)) Reflect.deleteProperty(globalThis, name);
}

// A page around this one could lay something over it. What follows is never parsed.
if (top !== self) {
  stop();
  const body = document.createElement("body");
  body.textContent =
    "Sign-in Sleuth does not work inside another page, which could watch or cover it. Open it in a tab of its own.";
  document.body?.remove();
  document.documentElement.append(body);
}
