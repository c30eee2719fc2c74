"""The screens: the browser, its help and the history."""
