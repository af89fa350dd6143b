"""The room of papers: what a citizen hands over is read in a confined process and kept sealed."""
