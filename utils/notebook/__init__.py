"""What a notebook shows: the profile it runs in, checks, tables, plots and diagrams."""
