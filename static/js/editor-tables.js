/* The editor of a table's cells: Wagtail's table editor without column headings and types of columns, because the
   first row names the columns and all cells are alike; with a limit of rows and columns and a label for each cell. */
(() => {
  const STOCK = "wagtail.contrib.typed_table_block.blocks.TypedTableBlock";
  const EDITABLE = ".public-DraftEditor-content";
  /* Milliseconds between looks for a cell's editor, which is made after the table; and how many looks. */
  const PAUSE = 100;
  const LOOKS = 50;

  const filled = (words, values) => words.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

  const named = (button, words) => {
    button.setAttribute("aria-label", words);
    button.title = words;
  };

  const limited = (button, full, message) => {
    button.disabled = full;
    if (full) button.title = message;
  };

  class CellsEditor {
    constructor(table, meta) {
      this.table = table;
      this.strings = meta.strings;
      this.limits = meta.limits;
      table.container[0].classList.add("table-cells");
      table.toggleAddColumnMenu = (_trigger, add) => add(table.blockDef.childBlockDefs[0]);
      for (const name of ["insertColumn", "deleteColumn", "insertRow", "deleteRow"]) {
        const stock = table[name].bind(table);
        table[name] = (...values) => {
          const result = stock(...values);
          this.update();
          return result;
        };
      }
      this.keepFocus("deleteRow", () => table.tbody.querySelectorAll(".delete-row"));
      this.keepFocus("deleteColumn", () => table.thead.querySelectorAll(".delete-column"));
      this.update();
    }

    /* Without this, the focus is lost with the button of a deleted row or column. */
    keepFocus(name, buttons) {
      const remove = this.table[name];
      this.table[name] = (position) => {
        remove(position);
        const left = [...buttons()];
        const next = left[Math.min(position, left.length - 1)] ?? this.table.appendColumnButton[0];
        next.focus();
      };
    }

    update() {
      const { table, strings, limits } = this;
      const columnsFull = table.columns.length >= limits.columns;
      const rowsFull = table.rows.length >= limits.rows;
      const mostColumns = filled(strings.MOST_COLUMNS, { most: limits.columns });
      const mostRows = filled(strings.MOST_ROWS, { most: limits.rows });
      const [append, addRow] = [table.appendColumnButton[0], table.addRowButton[0]];
      append.title = strings.ADD_COLUMN;
      addRow.title = strings.ADD_ROW;
      limited(append, columnsFull, mostColumns);
      limited(addRow, rowsFull, mostRows);
      table.thead.querySelectorAll("th:has(.delete-column)").forEach((head, index) => {
        const values = { column: index + 1 };
        const insert = head.querySelector(".prepend-column");
        named(insert, filled(strings.INSERT_COLUMN_NUMBER, values));
        limited(insert, columnsFull, mostColumns);
        named(head.querySelector(".delete-column"), filled(strings.DELETE_COLUMN_NUMBER, values));
      });
      [...table.tbody.children].forEach((row, index) => {
        const values = { row: index + 1 };
        const insert = row.querySelector(".prepend-row");
        named(insert, filled(strings.INSERT_ROW_NUMBER, values));
        limited(insert, rowsFull, mostRows);
        named(row.querySelector(".delete-row"), filled(strings.DELETE_ROW_NUMBER, values));
      });
      this.labelCells(LOOKS);
    }

    labelCells(looks) {
      let missing = false;
      [...this.table.tbody.children].forEach((row, index) => {
        [...row.querySelectorAll(":scope > td:not(.control-cell)")].forEach((cell, at) => {
          const box = cell.querySelector(EDITABLE);
          const words = filled(this.strings.CELL, { row: index + 1, column: at + 1 });
          if (box) box.setAttribute("aria-label", words);
          else missing = true;
        });
      });
      if (missing && looks) setTimeout(() => this.labelCells(looks - 1), PAUSE);
    }
  }

  const Stock = window.telepath.constructors[STOCK];
  class CellsBlockDefinition extends Stock {
    render(...values) {
      const table = super.render(...values);
      new CellsEditor(table, this.meta);
      return table;
    }
  }
  window.telepath.register("monographs.blocks.tables.CellsBlock", CellsBlockDefinition);
})();
