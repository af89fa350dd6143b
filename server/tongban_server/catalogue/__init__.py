"""The catalogue: which regions there are, which matters their offices offer, and which agreements connect them."""
