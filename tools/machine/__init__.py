"""The machine: its environment, the container, the classroom, and what is wrong with it."""
