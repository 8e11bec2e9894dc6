"""Loads the tagger and tags one sentence."""
from pathlib import Path

import torch

from models import Tagger

CHECKPOINTS = Path(__file__).parent / "checkpoints"


def main():
    model = Tagger()
    model.load_state_dict(torch.load(CHECKPOINTS / "tagger.pt"))
    model.eval()
    sentence = torch.randint(0, 1000, (1, 8))
    with torch.no_grad():
        tags = model(sentence).argmax(-1)
    print(tags.tolist())


if __name__ == "__main__":
    main()
