"""困境儿童保障一张图: coverage planning for the protection of children in difficulty."""

__version__ = "0.1.0"
