"""What the browser and its reader go through together: each keeps the thread of one of them."""
