// The language that a reader chose is remembered for the first page; wide things can be scrolled by the keyboard; and
// what the theme leaves unnamed gets a name, for readers who listen.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".languages a").forEach(link => link.addEventListener("click", () => {
    try { localStorage.setItem("course-language", link.dataset.language); } catch (error) { /* a reader without memory */ }
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
