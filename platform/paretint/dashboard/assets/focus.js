// Keeps the keyboard where it is when a page is laid out anew: what the reader holds is then
// another element of the same id.

let held = null;

document.addEventListener("focusin", (event) => {
  held = event.target;
});

document.addEventListener("focusout", (event) => {
  // An element that is taken away loses the focus too, just before it goes.
  setTimeout(() => {
    if (held === event.target && held.isConnected) held = null;
  });
});

new MutationObserver(() => {
  if (held === null || held.isConnected || document.activeElement !== document.body) return;
  const successor = held.id ? document.getElementById(held.id) : null;
  if (successor !== null) successor.focus({ preventScroll: true });
}).observe(document.documentElement, { childList: true, subtree: true });
