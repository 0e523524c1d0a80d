"""Pure functions without models or templates: telephone numbers, words, hours, files. Imports nothing of ours."""
