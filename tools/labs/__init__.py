"""The labs as files: built, proven on both sides, graded."""
