/** Says something to those who listen to the page. */

export function announce(words: string): void {
  const region = document.getElementById("said");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = words), 50);
}
