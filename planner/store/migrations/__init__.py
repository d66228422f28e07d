"""The steps by which a database comes to the newest tables (Alembic)."""
