"""What the reader sees before the browser is loaded, and how that takes it over."""
