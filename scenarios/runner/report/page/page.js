// The filter of the runs. Without it the page says the same.
"use strict";
const form = document.getElementById("filter");
const rows = [...document.querySelectorAll("#runs tbody tr")];
const bodies = new Map([...document.querySelectorAll(".run")].map(run => [run.dataset.run, run]));
const texts = new Map(rows.map(row => [row, (row.textContent + " " + bodies.get(row.dataset.run).textContent).toLowerCase()]));

function filter() {
  const wanted = form.elements, words = wanted.text.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const row of rows) {
    const fits = (!wanted.outcome.value || wanted.outcome.value === row.dataset.outcome) &&
      (!wanted.world.value || wanted.world.value === row.dataset.world) &&
      words.every(word => texts.get(row).includes(word));
    row.hidden = bodies.get(row.dataset.run).hidden = !fits;
    shown += fits;
  }
  form.querySelector("output").textContent = `${shown} of ${rows.length} runs`;
}

function open() { // what the address names
  const there = location.hash && document.getElementById(location.hash.slice(1));
  const run = there && there.closest(".run");
  if (run) {
    run.open = true;
    there.scrollIntoView();
  }
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", open);
filter();
open();
