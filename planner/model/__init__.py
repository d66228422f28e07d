"""What the world is made of: pure definitions, no files and no database."""
