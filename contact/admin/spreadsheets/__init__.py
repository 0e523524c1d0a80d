"""Tables as files, written row by row: nothing of them is ever held in memory or lies on a disk."""
