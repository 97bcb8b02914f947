// The language that a reader chose is remembered: the first page leads there, and a page in another language offers it; wide things
// can be scrolled by the keyboard; and what the theme leaves unnamed gets a name, for readers who listen.
const remember = language => { try { localStorage.setItem("course-language", language); } catch (error) { /* a reader without memory */ } };
const CHOSEN = {zh: "你上次選的是中文：", en: "You chose English last time:", both: "你上次選的是中英對照 · You chose both languages last time:"};
const THERE = {zh: "這一頁的中文版", en: "this page in English", both: "這一頁的對照版 · this page in both"};
const STAY = {zh: "留在這裡", en: "stay here", both: "留在這裡 · stay here"};

function offer() {  // from a bookmark or a search; nobody is led away from a page that somebody gave them, nor by the back button
  let chosen = null;
  try { chosen = localStorage.getItem("course-language"); } catch (error) { /* nothing to offer */ }
  const link = chosen in CHOSEN && document.querySelector(`.languages a[data-language="${chosen}"]:not([aria-current])`);
  if (!link) return;
  const note = document.createElement("p"), there = link.cloneNode(), stay = document.createElement("button");
  note.className = "remembered";
  note.lang = there.lang;
  there.textContent = THERE[chosen];
  if (location.hash) there.hash = location.hash;
  stay.textContent = STAY[chosen];
  stay.addEventListener("click", () => { remember(document.querySelector(".languages [aria-current]").dataset.language); note.remove(); });
  note.append(`${CHOSEN[chosen]} `, there, " ", stay);
  document.querySelector("article[role=main]")?.prepend(note);
}

document.addEventListener("DOMContentLoaded", () => {
  offer();
  document.querySelectorAll(".languages a").forEach(link => link.addEventListener("click", () => {
    remember(link.dataset.language);
    if (location.hash) link.hash = location.hash;
  }));
  document.querySelectorAll("p.caption[role=heading]").forEach(node => node.setAttribute("aria-level", "2"));
  document.querySelector("aside.sidebar-drawer")?.setAttribute("aria-label", "課程 · course");
  document.querySelector("aside.toc-drawer")?.setAttribute("aria-label", "這一頁 · this page");
  document.querySelectorAll("th .math").forEach(node => {  // a head that is a formula alone, said in words
    const said = document.createElement("span");
    said.className = "said";
    said.textContent = node.textContent.replace(/\\[()]/g, "");
    node.after(said);
  });
  document.querySelectorAll("th").forEach(node => {
    if (node.textContent.trim() || node.querySelector("img, svg, mjx-container")) return;
    const cell = document.createElement("td");
    node.replaceWith(cell);
  });
  document.querySelectorAll(".highlight pre, .table-wrapper, .cell_output, mjx-container").forEach(node => {
    if (node.scrollWidth > node.clientWidth + 1) { node.tabIndex = 0; node.setAttribute("role", "group"); node.setAttribute("aria-label", "scroll"); }
  });
});
