"""Where the next institution goes: location models that prove what they answer."""
