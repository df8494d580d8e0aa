// Page of `access report`: a table with filters that combine. All texts are shown as text, never as HTML.
(() => {
  const { columns, texts, rows } = JSON.parse(document.getElementById("data").textContent);
  const data = rows.map((row, id) =>
    Object.fromEntries([["id", id], ...columns.map((column, index) => [column, texts[row[index]]])]),
  );
  const TITLES = {
    environment: "Environment",
    kind: "Kind",
    team: "Team",
    identity: "Identity",
    path: "Path",
    before: "Before",
    after: "After",
    labels: "Labels",
    owner: "Owner of the path",
    details: "Details",
  };
  /** Shares of the width. */
  const SHARES = { identity: 3, path: 3, after: 2, labels: 2, owner: 2, details: 3 };
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const inputs = new Map();
  let isWhole = false;

  function add(name, title, input) {
    const label = document.createElement("label");
    label.append(title, input);
    input.name = name;
    input.addEventListener("input", apply);
    inputs.set(name, input);
    form.append(label);
  }

  function textInput() {
    const input = document.createElement("input");
    input.type = "search";
    input.autocomplete = "off";
    return input;
  }

  function choice(column) {
    const select = document.createElement("select");
    const names =
      column === "labels" ? data.flatMap((row) => row.labels.split(", ")) : data.map((row) => row[column]);
    select.append(new Option("all", ""));
    for (const name of [...new Set(names)].filter(Boolean).sort()) select.append(new Option(name, name));
    return select;
  }

  function matches(row) {
    const value = (name) => inputs.get(name).value;
    const contains = (text, part) => text.toLowerCase().includes(part.toLowerCase());
    return (
      ["environment", "kind", "team"].every((name) => value(name) === "" || row[name] === value(name)) &&
      (value("labels") === "" || row.labels.split(", ").includes(value("labels"))) &&
      contains(row.identity, value("identity")) &&
      contains(`${row.path}\n${row.owner}`, value("path")) &&
      value("search")
        .split(/\s+/)
        .every((word) => columns.some((column) => contains(row[column], word)))
    );
  }

  function apply() {
    if (document.body.classList.toggle("whole", whole.checked) !== isWhole) {
      isWhole = whole.checked;
      table.redraw(true);
    }
    table.setFilter(matches);
  }

  function show(shown) {
    count.textContent = `${shown.toLocaleString("en-US")} of ${data.length.toLocaleString("en-US")} rows`;
  }

  add("search", "Search", textInput());
  add("environment", "Environment", choice("environment"));
  add("kind", "Kind", choice("kind"));
  add("team", "Team", choice("team"));
  add("identity", "Identity", textInput());
  add("path", "Secret or path", textInput());
  add("labels", "Label", choice("labels"));
  const whole = document.createElement("input");
  whole.type = "checkbox";
  add("whole", "Whole texts", whole);
  form.addEventListener("submit", (event) => event.preventDefault());

  const table = new window.Tabulator("#table", {
    data,
    height: "75vh",
    layout: "fitColumns",
    placeholder: "No rows match the filters.",
    columnDefaults: { formatter: "plaintext", minWidth: 90, resizable: true },
    columns: columns.map((field) => ({
      field,
      title: TITLES[field],
      widthGrow: SHARES[field] ?? 1,
      formatter: "plaintext",
    })),
    initialSort: [],
  });
  table.on("dataFiltered", (_filters, shown) => show(shown.length));
  table.on("tableBuilt", () => {
    show(data.length);
    // The headers sort by keyboard, and the arrow keys scroll the focused rows.
    for (const header of document.querySelectorAll(".tabulator-col[aria-sort]")) {
      header.tabIndex = 0;
      header.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        const field = header.getAttribute("tabulator-field");
        table.setSort(field, header.getAttribute("aria-sort") === "ascending" ? "desc" : "asc");
      });
    }
    const holder = document.querySelector(".tabulator-tableholder");
    holder.tabIndex = 0;
    holder.setAttribute("aria-label", "Rows");
    document.body.dataset.ready = "true";
  });
})();
