"""The only code that touches the database: tables, scope, dated rows, imports, runs, migrations."""
