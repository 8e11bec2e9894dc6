"""Two checkpoints that want a second look."""
import os

import torch

FOLDER = "checkpoints"

# Ten rows of an embedding table, saved as a view: the whole table is in the file.
rows = torch.load(os.path.join(FOLDER, "rows.pt"))

# Weights, and twice as many bytes of optimizer state.
training = torch.load(f"{FOLDER}/training.pt")
print(rows.shape, list(training))

# Nobody wrote this one.
missing = torch.load(os.path.join(FOLDER, "best.pt"))
