"""What is watched: boards, points, the journal, health and figures."""
