"""Pure functions: what each place of the drawn body leads to, and risks as frequencies. Imports nothing of ours."""
