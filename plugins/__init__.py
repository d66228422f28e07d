"""The built-in plugins, on the same public interface as anyone else's."""
