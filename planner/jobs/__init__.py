"""Long work: plugin runs with progress, stop, record and replay; imports of files."""
