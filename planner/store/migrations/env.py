"""Runs the migrations on the connection handed over by `upgrade_database`."""

from __future__ import annotations

from alembic import context

from planner.store.protected import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds the whole upgrade
)
context.run_migrations()
