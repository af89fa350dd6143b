"""The citizen's rating of a visit (好差评)."""
